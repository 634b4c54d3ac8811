import { GraphQLError } from 'graphql';

/** A fault of the request itself, which no type of the schema stands for. `argument` is the one at fault. */
export function badInput(argument: string, message: string): GraphQLError {
  return new GraphQLError(`${argument}: ${message}`, { extensions: { code: 'BAD_USER_INPUT', argument } });
}
