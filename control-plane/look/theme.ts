// Runs in the browser before anything is drawn, or the page would flash in the wrong colours; sent with its types stripped.
{
  const KEY = 'sixcast-theme'
  const root = document.documentElement
  const systemIsDark = matchMedia('(prefers-color-scheme: dark)')

  /** What was chosen, or nothing: then the page goes with the system. */
  const apply = (theme: string | null) => {
    if (theme === 'dark' || theme === 'light') root.dataset.theme = theme
    else delete root.dataset.theme
  }

  /** To the other colours; whoever arrives at the system's own goes with the system again. */
  const turn = () => {
    const system = systemIsDark.matches ? 'dark' : 'light'
    const next = (root.dataset.theme ?? system) === 'dark' ? 'light' : 'dark'
    if (next === system) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, next)
    apply(localStorage.getItem(KEY))
  }

  apply(localStorage.getItem(KEY))
  document.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('[data-turn-theme]')) turn()
  })
}
