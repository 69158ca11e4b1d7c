/**
 * The container in which the Kinesis Producer Library packs several user records as one Kinesis record:
 *
 *     F3 89 9A C2 | AggregatedRecord (protobuf) | MD5 of the protobuf
 *
 *     message AggregatedRecord {                  message Record {
 *       repeated string partition_key_table = 1;    required uint64 partition_key_index = 1;
 *       repeated string explicit_hash_key_table = 2;  optional uint64 explicit_hash_key_index = 2;
 *       repeated Record records = 3;                required bytes data = 3;
 *     }                                             repeated Tag tags = 4;  }
 */
import { hash } from 'node:crypto';

export const MAGIC = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
export const DIGEST_BYTES = 16;

export const digestOf = (message: Uint8Array): Buffer => hash('md5', message, 'buffer');

/** Field numbers of `AggregatedRecord` and of `Record`. */
export const AggregateField = { partitionKey: 1, explicitHashKey: 2, record: 3 } as const;
export const RecordField = { partitionKeyIndex: 1, explicitHashKeyIndex: 2, data: 3 } as const;
