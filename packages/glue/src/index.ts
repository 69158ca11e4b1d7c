export { type GlueClients, glueClients } from './glue-clients.ts';
