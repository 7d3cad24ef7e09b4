/**
 * What the relay says to its operator, one line per event: sessions opened and closed, connections refused. A
 * pino logger fits as it is.
 *
 * Fields are numbers, the relay's own words, and ids that have been validated, so no client can forge a line.
 */
export type LogFields = Record<string, string | number>;

export interface RelayLog {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
}

export const NULL_LOG: RelayLog = {
  info() {},
  warn() {},
};
