/** `npm run architecture`: draws the house anew, from the imports of its files. */
import { writeFileSync } from 'node:fs';
import { readRepository } from '../tidy/source-file.ts';
import { houseOf } from './house.ts';
import { drawHouse } from './picture.ts';

writeFileSync('ARCHITECTURE.svg', drawHouse(houseOf(readRepository())));
