export { type HttpClients, httpClients } from './http-clients.ts';
