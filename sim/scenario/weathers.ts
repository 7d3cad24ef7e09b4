/** The kit's weathers by name, each a file of scenarios/weather/; for flags, which start without a parser. */
export const WEATHERS = ['home', 'office', 'warehouse', 'train', 'lte', 'satellite'] as const;

export const WEATHER_EXPECTED = `one of ${WEATHERS.join(', ')}`;
