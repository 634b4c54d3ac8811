import {
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { hasErrors, operationOf } from './operation.ts';

/**
 * Creates a span for every operation over every transport, in which its resolvers run. The span of a subscription ends
 * when it is open. Over HTTP the span joins the trace of a caller that sends W3C `traceparent`.
 */
export function useTracing(tracer: Tracer): Plugin {
  const begin = (args: ExecutionArgs) => {
    const { type, field } = operationOf(args);
    const attributes = { 'graphql.operation.type': type };
    const surroundings = callersContext(args.contextValue as { request?: Request });
    const span = tracer.startSpan(`${type} ${field}`, { kind: SpanKind.SERVER, attributes }, surroundings);
    const inside = <Args extends unknown[], Result>(run: (...args: Args) => Result) =>
      context.bind(trace.setSpan(surroundings, span), run);
    return { span, inside };
  };
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const { span, inside } = begin(args);
      setExecuteFn(inside(executeFn));
      return { onExecuteDone: ({ result }) => end(span, result) };
    },
    onSubscribe({ args, subscribeFn, setSubscribeFn }) {
      const { span, inside } = begin(args);
      setSubscribeFn(inside(subscribeFn));
      return { onSubscribeResult: ({ result }) => end(span, result) };
    },
  };
}

function callersContext({ request }: { request?: Request }) {
  const { headers } = request ?? {};
  const carrier = { traceparent: headers?.get('traceparent'), tracestate: headers?.get('tracestate') };
  return propagation.extract(context.active(), carrier);
}

function end(span: Span, result: unknown): void {
  if (hasErrors(result)) {
    span.setAttribute(ATTR_ERROR_TYPE, 'GraphQLError');
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
