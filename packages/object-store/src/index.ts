export { ObjectStoreError } from './errors.ts';
export { isHeaderText, isMetadataName } from './header-text.ts';
export { type ObjectProperties, type ObjectStore, type ObjectStoreOptions, openObjectStore } from './object-store.ts';
