import { host, oneOf, port, token, url } from '../kinds/kinds.ts';
import { setting } from '../kinds/setting.ts';

/** Log lines, metrics, traces. */
export const observability = {
  logLevel: setting(oneOf('silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'), {
    variable: 'LOG_LEVEL',
    default: 'info',
    decides: 'The lowest level that is logged.',
  }),
  logFormat: setting(oneOf('pretty', 'json'), {
    variable: 'LOG_FORMAT',
    unset: '`pretty` on a terminal, else `json`',
    example: 'json',
    decides: 'The format of log lines on standard output.',
  }),
  metricsHost: setting(host, {
    variable: 'METRICS_HOST',
    default: '127.0.0.1',
    decides:
      'The address on which a separate worker serves metrics and health. A server serves them beside the API.',
  }),
  metricsPort: setting(port, {
    variable: 'METRICS_PORT',
    default: '9464',
    decides: 'Its port. 0 means any free port.',
  }),
  metricsToken: setting(token, {
    variable: 'METRICS_TOKEN',
    unset: 'this machine only',
    decides: 'A caller that sends it as a bearer token may read `/metrics` from anywhere.',
  }),
  otlpEndpoint: setting(url('http:', 'https:'), {
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    unset: 'no traces',
    example: 'http://localhost:4318',
    decides:
      'The collector that receives traces, by OTLP over HTTP: see [docs/telemetry.md](docs/telemetry.md#traces).',
  }),
};
