/**
 * Keeps an account in one file that only grows: streams, shards, records and their sequence numbers outlive the process,
 * however it ends. Each request is written, with a checksum, before its client is answered. What a write left half done is
 * the end of the file, and is dropped at the next start.
 *
 * A write reaches the operating system, not the disk: a process that is killed loses nothing, a machine that loses power may.
 */
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, renameSync, statSync } from 'node:fs';
import type { Logger } from '@sluice/core';
import { DataFileError } from '../errors.ts';
import { MIB } from '../limits.ts';
import { MAJOR } from '../protocol/cbor/major-types.ts';
import type { Account } from '../store/account.ts';
import type { Journal, JournalRecord } from '../store/journal.ts';
import type { RecordRun } from '../store/record-log.ts';
import type { Shard } from '../store/shard.ts';
import type { Stream } from '../store/stream.ts';
import { frameOf, readFrames, SIGNATURE, writeWhole } from './frames.ts';
import { replay } from './replay.ts';

const { O_APPEND, O_CREAT, O_TRUNC, O_WRONLY } = constants;

/** Members of a record in a frame: shard, ordinal, arrival, partition key, data. */
const RECORD_MEMBERS = 5;
const BYTES_BESIDE_DATA = 40;
const RECORDS_PER_FRAME = 1_000;
/** The file may be so many times as large as the memory of its records, and so much larger, before it is written anew. */
const GROWTH = 4;
const ROOM = 64 * MIB;

export class DataFile implements Journal, Disposable {
  readonly #path: string;
  readonly #account: Account;
  #file: number;
  #size = 0;
  #inode = 0;
  /** Something that happened could not be written, and what follows may stand on it. */
  #isBehind = false;
  #isClosed = false;

  /**
   * Brings back what the file holds, and keeps from now on what happens in the account.
   * @throws {DataFileError} the file is not one of ours, is damaged before its end, or cannot be read or written
   */
  static open(path: string, account: Account, logger: Logger): DataFile {
    try {
      const { droppedBytes } = readFrames(path, (payload) => replay(payload, account));
      if (droppedBytes > 0) logger.warn('data file ends in a write that was not completed, which is dropped', { path, droppedBytes });
      const file = new DataFile(path, account);
      account.keepIn(file);
      for (const { name, trimmedRecords } of account.streams())
        if (trimmedRecords > 0)
          logger.info('records that the memory cap trimmed are not in the data file', { path, stream: name, trimmedRecords });
      return file;
    } catch (cause) {
      throw cause instanceof DataFileError ? cause : new DataFileError(path, (cause as Error).message, cause);
    }
  }

  private constructor(path: string, account: Account) {
    this.#path = path;
    this.#account = account;
    this.#file = this.#writeAnew();
  }

  changed(stream: Stream): void {
    this.#append(changedFrame(stream));
  }

  deleted(streamName: string): void {
    this.#append(frameOf((writer) => writer.value({ deleted: streamName })));
  }

  stored(streamName: string, records: readonly JournalRecord[]): void {
    this.#append(recordsFrame(streamName, records));
  }

  [Symbol.dispose](): void {
    if (!this.#isClosed) closeSync(this.#file);
    this.#isClosed = true;
  }

  #append(frame: Buffer): void {
    // Another emulator that opened the file has written it anew: what goes into this one is read by nobody.
    if (!this.#isStillInPlace()) throw new DataFileError(this.#path, 'it was replaced or removed; one emulator at a time may use it');
    try {
      if (this.#isBehind) {
        this.#replace();
        return;
      }
      writeWhole(this.#file, frame);
      this.#size += frame.length;
      if (this.#size > GROWTH * this.#account.heldBytes + ROOM) this.#replace();
    } catch (cause) {
      this.#isBehind = true;
      // What follows must not stand behind half a frame.
      ftruncateSync(this.#file, this.#size);
      throw new DataFileError(this.#path, (cause as Error).message, cause);
    }
  }

  /** What the account holds becomes the file. Where that fails, the old one stays in place. */
  #replace(): void {
    const old = this.#file;
    this.#file = this.#writeAnew();
    this.#isBehind = false;
    closeSync(old);
  }

  #isStillInPlace(): boolean {
    return statSync(this.#path, { throwIfNoEntry: false })?.ino === this.#inode;
  }

  /** Writes what the account holds into a new file in place of the old one. */
  #writeAnew(): number {
    const path = `${this.#path}.new`;
    const file = openSync(path, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND);
    try {
      const size = writeAccount(file, this.#account);
      fsyncSync(file);
      renameSync(path, this.#path);
      this.#size = size;
    } catch (cause) {
      closeSync(file);
      throw cause;
    }
    this.#inode = fstatSync(file).ino;
    return file;
  }
}

/** Writes a whole data file; answers how many bytes. */
function writeAccount(file: number, account: Account): number {
  let size = writeWhole(file, SIGNATURE);
  for (const stream of account.streams()) {
    size += writeWhole(file, changedFrame(stream));
    for (const records of recordsOf(stream)) size += writeWhole(file, recordsFrame(stream.name, records));
  }
  return size;
}

const changedFrame = (stream: Stream): Buffer => frameOf((writer) => writer.value({ changed: stream.state }));

function recordsFrame(streamName: string, records: readonly JournalRecord[]): Buffer {
  const dataBytes = records.reduce((sum, { start, end }) => sum + end - start, 0);
  return frameOf(
    (writer) => {
      writer.head(MAJOR.map, 2);
      writer.text('stored');
      writer.text(streamName);
      writer.text('records');
      writer.head(MAJOR.array, records.length);
      for (const { shard, ordinal, arrivalMs, partitionKey, source, start, end } of records) {
        writer.head(MAJOR.array, RECORD_MEMBERS);
        writer.number(shard.facts.index);
        writer.number(ordinal);
        writer.number(arrivalMs);
        writer.text(partitionKey);
        writer.byteString(source, start, end);
      }
    },
    dataBytes + records.length * BYTES_BESIDE_DATA,
  );
}

/** Every record of a stream, shard by shard, as many at a time as a frame may hold. */
function* recordsOf(stream: Stream): Generator<JournalRecord[]> {
  for (const shard of stream.shards) {
    const { runs } = shard.log.page(0, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    for (const { segment, from, to } of runs) {
      for (let at = from; at < to; at += RECORDS_PER_FRAME) {
        yield recordsBetween(shard, { segment, from: at, to: Math.min(to, at + RECORDS_PER_FRAME) });
      }
    }
  }
}

const recordsBetween = (shard: Shard, { segment, from, to }: RecordRun): JournalRecord[] =>
  Array.from({ length: to - from }, (_, offset) => ({
    shard,
    ordinal: segment.ordinals[from + offset]!,
    arrivalMs: segment.arrivalsMs[from + offset]!,
    partitionKey: segment.partitionKeys[from + offset]!,
    source: segment.data,
    start: segment.startOf(from + offset),
    end: segment.ends[from + offset]!,
  }));
