import { Hono } from 'hono'
import { describeAnswers } from '../api/describe-answers.ts'
import { fromNoPage } from '../api/from-no-page.ts'
import { Measurement } from './measurement.ts'

export type MeasuredNode = {
  measurement: () => Measurement
  /** Begins to measure, or throws the Problem that it cannot now. */
  measureAnew: () => void
}

export const measureRoutes = ({ measurement, measureAnew }: MeasuredNode) =>
  new Hono()
    .get('/', describeAnswers('What this node can encode, as it was measured', { 200: Measurement }), (c) =>
      c.json(measurement()),
    )
    .post(
      '/',
      describeAnswers('Has this node measure anew what it can encode, while it encodes nothing', {
        202: Measurement,
        problems: ['local-only', 'foreign-request', 'busy'],
      }),
      fromNoPage,
      (c) => {
        measureAnew()
        return c.json(measurement(), 202)
      },
    )
