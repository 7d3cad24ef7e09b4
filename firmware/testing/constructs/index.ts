/** All of the table, by topic. */
import { ARRAYS } from './arrays.ts';
import { BYTES_AND_DATES } from './bytes-and-dates.ts';
import { CLASSES_AND_OPERATORS } from './classes-and-operators.ts';
import type { Construct } from './construct.ts';
import { FUNCTIONS } from './functions.ts';
import { JSON_TEXT } from './json.ts';
import { NUMBERS } from './numbers.ts';
import { OBJECTS } from './objects.ts';
import { PROMISES } from './promises.ts';
import { REGULAR_EXPRESSIONS } from './regular-expressions.ts';
import { STRINGS } from './strings.ts';

export const CONSTRUCTS: Readonly<Record<string, readonly Construct[]>> = {
  arrays: ARRAYS,
  strings: STRINGS,
  numbers: NUMBERS,
  JSON: JSON_TEXT,
  'regular expressions': REGULAR_EXPRESSIONS,
  objects: OBJECTS,
  'classes and operators': CLASSES_AND_OPERATORS,
  functions: FUNCTIONS,
  'bytes and dates': BYTES_AND_DATES,
  promises: PROMISES,
};
