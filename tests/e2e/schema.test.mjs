// The JSON Schema of chains, held against the reader itself: a validator of others judges every chain there is,
// and a document that has every key, changed at each place.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import Ajv from 'ajv/dist/2020.js';

import load, { answer } from '../../www/pkg/verify/baton_verify.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (path) => readFileSync(ROOT + path, 'utf8');
const SCHEMA = JSON.parse(read('www/chain.schema.json'));
const EVERY_KEY = JSON.parse(read('tests/fixtures/chain/every-key.json'));

const validate = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allErrors: true }).compile(SCHEMA);

before(async () => {
  const log = console.warn;
  console.warn = () => {};
  await load(readFileSync(`${ROOT}www/pkg/verify/baton_verify_bg.wasm`));
  console.warn = log;
});

/** What the reader finds wrong with a document. */
function problems(document) {
  return JSON.parse(answer('"chain"', JSON.stringify(document), '')).problems ?? [];
}

function fits(document, what) {
  assert.ok(validate(document), `${what}: ${JSON.stringify(validate.errors, null, 1)}`);
}

test('every chain that is shipped or shown fits', () => {
  const shipped = readdirSync(`${ROOT}www/chains`).map((name) => [name, read(`www/chains/${name}`)]);
  const [, shown] = /```json\n(.*?)```/s.exec(read('README.md'));
  for (const [name, text] of [...shipped, ['README.md', shown], ['every-key.json', JSON.stringify(EVERY_KEY)]]) {
    const document = JSON.parse(text);
    assert.deepEqual(problems(document), [], name);
    fits(document, name);
  }
});

test('every stage that an import makes fits', () => {
  const folder = `${ROOT}tests/fixtures/imports`;
  const stages = [];
  const collect = (value) => {
    if (Array.isArray(value)) return value.forEach(collect);
    if (value === null || typeof value !== 'object') return;
    if (value.request?.url && value.name) stages.push(value);
    Object.values(value).forEach(collect);
  };
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.expected.json'))) {
    collect(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')));
  }
  assert.ok(stages.length > 10);
  for (const stage of stages) fits({ baton: 1, name: 'Imported', stages: [stage] }, JSON.stringify(stage));
});

test('every trigger that APScheduler was asked about fits as a schedule', () => {
  const cases = read('tests/fixtures/apscheduler/cases.jsonl').trim().split('\n').map((line) => JSON.parse(line));
  const triggers = cases.map((one) => one.input.trigger).filter(Boolean);
  assert.ok(triggers.length > 1000);
  for (const schedule of triggers) fits({ ...EVERY_KEY, schedule }, JSON.stringify(schedule));
});

/** The places of a document, each with a way to change it. */
function* places(value, path = []) {
  yield path;
  if (value === null || typeof value !== 'object') return;
  for (const [key, member] of Object.entries(value)) yield* places(member, [...path, key]);
}

function changed(path, change) {
  const document = structuredClone(EVERY_KEY);
  const last = path.at(-1);
  const holder = path.slice(0, -1).reduce((value, key) => value[key], document);
  change(holder, last);
  return document;
}

const OTHERS = [null, true, 7, 'no such word', [], {}, [1], { strange: 1 }];

test('what the reader takes the schema takes, whatever stands at any place', () => {
  let taken = 0;
  for (const path of [...places(EVERY_KEY)].filter((path) => path.length && path[0] !== 'schedule')) {
    for (const other of OTHERS) {
      const document = changed(path, (holder, key) => { holder[key] = other; });
      if (problems(document).length > 0) continue;
      taken += 1;
      fits(document, `${path.join('.')} = ${JSON.stringify(other)}`);
    }
    const without = changed(path, (holder, key) => {
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
    });
    if (problems(without).length === 0) fits(without, `without ${path.join('.')}`);
  }
  assert.ok(taken > 50, `${taken}`);
});

test('a key that the reader does not know the schema does not know', () => {
  // What authors name, and what they send, is theirs.
  const free = /(^|\.)(variables|local|prod|query|headers|json|0|form|captures|aliases|value|fields)$|environments|schedule/;
  for (const path of places(EVERY_KEY)) {
    const at = path.reduce((value, key) => value[key], EVERY_KEY);
    if (at === null || typeof at !== 'object' || Array.isArray(at) || free.test(path.join('.')) && !/stages\.0$/.test(path.join('.'))) continue;
    for (const [key, isTaken] of [['strange', false], ['x-strange', true]]) {
      const document = structuredClone(EVERY_KEY);
      path.reduce((value, step) => value[step], document)[key] = 1;
      assert.equal(problems(document).length === 0, isTaken, `the reader: ${path.join('.')}.${key}`);
      assert.equal(validate(document), isTaken, `the schema: ${path.join('.')}.${key}`);
    }
  }
});

test('a key with a value of another kind is refused by both', () => {
  // Free in their content, or in their type.
  const loose = /\.(value|json)(\.|$)|^(variables|environments|schedule)\b|\.while\b|^description$|^\$schema$/;
  for (const path of [...places(EVERY_KEY)].filter((path) => path.length && !loose.test(path.join('.')))) {
    const document = changed(path, (holder, key) => { holder[key] = [[]]; });
    assert.ok(problems(document).length > 0, `the reader: ${path.join('.')}`);
    assert.equal(validate(document), false, `the schema: ${path.join('.')}`);
  }
});
