/** Where the names in a document are looked for. */

/** A scenario's text, by the name that messages shall show, and the folder in which it lies. */
export interface ScenarioSource {
  file: string;
  text: string;
  folder: SourceFolder;
}

/** The folder of a document's file. */
export interface SourceFolder {
  /** The document's file: one name for one file, whichever way leads there. */
  readonly id: string;
  /** The text of a recorded link, or what is wrong with it. */
  readTrace(name: string): { text: string } | { problem: string };
  /** The name of an app as seen from the working directory; as it was when it is one of the kit's own. */
  locateFirmware(name: string): string;
  /** Another scenario, whose steps are included. */
  readScenario(name: string): ScenarioSource | { problem: string };
  /** A weather of the kit (language/weather.ts), by its name. */
  readWeather(name: string): ScenarioSource | { problem: string };
}
