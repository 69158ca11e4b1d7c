export type { EffectiveDocument } from './assemble/effective-documents.ts';
export { finishEgress } from './assemble/finish-egress.ts';
export type { FlagSetting } from './benthos/overrides.ts';
export { defaultConfigPaths, findDefaultConfig } from './default-paths.ts';
export { withoutConsequences } from './environment/unset-variables.ts';
export { type ConfigRole, type ConfigText, compileConfig, type LoadedConfig, type LoadOptions, loadConfig } from './load-config.ts';
export type { AwsCredentials, AwsSettings, HttpClientSettings, ProxySettings } from './model/aws.ts';
export { defaultAwsSettings } from './model/aws.ts';
export type { BatchPolicy } from './model/batch-policy.ts';
export { collectorOf } from './model/collector.ts';
export type { SluiceConfig } from './model/config.ts';
export type { AggregationSettings, Egress, EgressStream, KeySource, Ordering, OversizeSettings, WriterSettings } from './model/egress.ts';
export { defaultWriterSettings } from './model/egress.ts';
export type { EgressDraft } from './model/egress-draft.ts';
export { type Endpoint, type EndpointTransport, endpointUrl } from './model/endpoint.ts';
export type { Ingress, IngressStream, OnError } from './model/ingress.ts';
export { withNestedComponents } from './model/nested-components.ts';
export type { OutputEgress } from './model/output-egress.ts';
export type { BufferSettings, ComponentSettings, Pipeline } from './model/pipeline.ts';
export type { BloblangSource, SourcePosition } from './model/position.ts';
export { type ProcessorOption, type ProcessorOptions, type ProcessorSettings, withNested } from './model/processor.ts';
export {
  defaultFanOut,
  defaultReaderSettings,
  type FanOutSettings,
  type ReaderSettings,
  type RetriesOfReader,
  type RetryNumbers,
} from './model/reader.ts';
export type { ResourceSettings, ResourcesSettings } from './model/resources.ts';
export { Secret } from './model/secret.ts';
export type {
  BackpressureSettings,
  BoardLogin,
  BoardSettings,
  CollectorSettings,
  CommandSettings,
  DeadLetterOutputSettings,
  DeadLetterSettings,
  EgressOverride,
  HttpIngressSettings,
  LeaseSettings,
  LogSettings,
  MetricsSettings,
  PortSettings,
  RedisSettings,
  RedisTlsSettings,
  SentinelSettings,
  ShutdownSettings,
  SluiceSettings,
  TracingSettings,
} from './model/settings.ts';
export type { Target } from './model/target.ts';
export { hasErrors, type Problem, type ProblemCode, type Severity } from './problem/problem.ts';
export { type RenderOptions, renderProblem, type SourceTexts } from './problem/render-problem.ts';
export { type JsonSchema, variantsOf } from './reference/json-schema.ts';
export { jsonSchemas } from './reference/json-schemas.ts';
export { processorReference, referencePages } from './reference/reference-pages.ts';
export { refusalsOf, type WorkerRole } from './refusals/worker-refusals.ts';
export type { EffectiveValue, ValueSource } from './schema/effective-values.ts';
export { namesLike } from './schema/suggest.ts';
export { loadTestedProcessors } from './tests/load-tested-processors.ts';
export { loadTests } from './tests/load-tests.ts';
export type { ProcessorTest, TestCondition, TestMessage } from './tests/processor-test.ts';
