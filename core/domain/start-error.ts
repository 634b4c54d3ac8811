/** The configuration or the environment prevents the start of this process. The message is one line, for the operator. */
export class StartError extends Error {
  override name = 'StartError';
}
