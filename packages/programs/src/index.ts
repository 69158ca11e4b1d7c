export { type OpenPrograms, openPrograms, type ProgramsSettings } from './open-programs.ts';
