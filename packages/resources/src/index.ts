export { createResources, type ResourcesSettings } from './create-resources.ts';
