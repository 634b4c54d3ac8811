/** The configuration or the surroundings do not let this process start. The message is one line, for the operator. */
export class StartError extends Error {
  override name = 'StartError';
}
