export { ObjectStoreError } from './errors.ts';
export { type ObjectStore, type ObjectStoreOptions, openObjectStore } from './object-store.ts';
