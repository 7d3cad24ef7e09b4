/** The kit's weathers by name, for flags, which start without a parser. Each is a file of scenarios/weather/. */
export const WEATHERS = ['home', 'office', 'warehouse', 'train', 'lte', 'satellite'] as const;

export const WEATHER_EXPECTED = `one of ${WEATHERS.join(', ')}`;
