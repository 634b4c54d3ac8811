/** A variable that TaskFlow's own code does not read, but that belongs in the same file. */
export interface ReadElsewhere {
  readonly variable: string;
  readonly decides: string;
  /** Empty: the operator must choose it. */
  readonly example: string;
}

/** Read by OpenTelemetry's SDK if OTEL_EXPORTER_OTLP_ENDPOINT is set. */
export const OPEN_TELEMETRY: readonly ReadElsewhere[] = [
  {
    variable: 'OTEL_EXPORTER_OTLP_HEADERS',
    decides: 'Headers that the collector expects.',
    example: 'authorization=Bearer%20...',
  },
  {
    variable: 'OTEL_TRACES_SAMPLER',
    decides: 'Which traces are recorded.',
    example: 'parentbased_traceidratio',
  },
  {
    variable: 'OTEL_TRACES_SAMPLER_ARG',
    decides: 'The share of traces that are recorded, for a sampler by ratio.',
    example: '0.1',
  },
  {
    variable: 'OTEL_RESOURCE_ATTRIBUTES',
    decides: 'Further attributes of traces from this installation.',
    example: 'deployment.environment.name=production',
  },
];

/** Read by docker-compose.yml. */
export const COMPOSE: readonly ReadElsewhere[] = [
  {
    variable: 'POSTGRES_PASSWORD',
    decides: 'Required. It is part of a URL: letters and digits only.',
    example: '',
  },
  {
    variable: 'REDIS_PASSWORD',
    decides: 'Required. It is part of a URL: letters and digits only.',
    example: '',
  },
  { variable: 'GRAFANA_ADMIN_PASSWORD', decides: 'Required.', example: '' },
  {
    variable: 'SITE_ADDRESS',
    decides:
      "The addresses at which the proxy answers. Names other than this machine's own belong in `ALLOWED_HOSTS` too.",
    example: 'http://localhost:8080',
  },
  {
    variable: 'ALERT_WEBHOOK_URL',
    decides: 'Where alerts are posted, as JSON: a URL. Unset: they are only shown.',
    example: 'https://hooks.example.com/...',
  },
];
