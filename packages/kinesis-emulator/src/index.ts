export type { RequestObservation } from './dispatcher.ts';
export { type KinesisEmulator, type KinesisEmulatorOptions, startKinesisEmulator } from './emulator.ts';
export { AddressNotAvailableError, DataFileError } from './errors.ts';
export { CHAOS } from './faults/chaos.ts';
export type { FaultInjector } from './faults/fault-injector.ts';
export { faultProblems } from './faults/fault-problems.ts';
export type {
  ControlPlaneFaults,
  CredentialFailure,
  CredentialRefusal,
  FaultSettings,
  HiddenShard,
  OneFault,
  OperationFaults,
  RequestFailure,
} from './faults/fault-settings.ts';
export { type ServerCertificate, selfSignedCertificate } from './http/certificate.ts';
export type { OperationName } from './operations/catalogue.ts';
export type { RecordFailure } from './operations/operation.ts';
export { ServiceError } from './service-error.ts';
export { Account, type AccountOptions } from './store/account.ts';
export type { Shard } from './store/shard.ts';
export type { StoredRecord } from './store/stored-records.ts';
export type { Stream } from './store/stream.ts';
