import { createComplexityRule } from '@pothos/plugin-complexity';
import { type GraphQLError, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { OPERATION_LIMITS, tooComplex } from '../graphql/limits.ts';

/**
 * Refuses a subscription that exceeds a limit when it is opened. Pothos checks when the first resolver runs, which is
 * only at the first event.
 */
export function useSubscriptionLimits(): Plugin {
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      const { schema, document, operationName, variableValues, contextValue } = args;
      let refusal: GraphQLError | null = null;
      const rule = createComplexityRule({
        context: contextValue ?? {},
        variableValues: variableValues ?? {},
        ...(operationName ? { operationName } : {}),
        validate(found) {
          const limit = LIMITS.find((name) => found[name] > OPERATION_LIMITS[name]);
          if (limit) refusal = tooComplex(limit);
        },
      });
      validate(schema, document, [rule]);
      if (refusal) setResultAndStopExecution({ errors: [refusal] });
    },
  };
}

const LIMITS = ['depth', 'breadth', 'complexity'] as const;
