import protobuf from 'protobufjs';

/**
 * The messages of Stateful Functions' request-reply protocol, version 3, with its field numbers. On the wire a message inside another is
 * the same as bytes, so what is only passed on is declared as bytes here: it is neither read nor written again.
 */
const PROTOCOL = `
syntax = "proto3";

message Address {
  string namespace = 1;
  string type = 2;
  string id = 3;
}

message TypedValue {
  string typename = 1;
  bool has_value = 2;
  bytes value = 3;
}

/** An invocation on its way to a function: of a batch, and of a lane. */
message Invocation {
  Address caller = 1;
  bytes argument = 2;             // TypedValue
}

message ToFunction {
  message PersistedValue {
    string state_name = 1;
    TypedValue state_value = 2;
  }
  message InvocationBatchRequest {
    Address target = 1;
    repeated PersistedValue state = 2;
    repeated bytes invocations = 3; // Invocation
  }
  InvocationBatchRequest invocation = 100;
}

message FromFunction {
  message PersistedValueMutation {
    int32 mutation_type = 1;      // 0 DELETE, 1 MODIFY
    string state_name = 2;
    TypedValue state_value = 3;
  }
  message OutgoingInvocation {
    Address target = 1;
    bytes argument = 2;           // TypedValue
  }
  message DelayedInvocation {
    int64 delay_in_ms = 1;
    Address target = 2;
    bytes argument = 3;           // TypedValue
    bool is_cancellation_request = 10;
    string cancellation_token = 11;
  }
  message EgressMessage {
    string egress_namespace = 1;
    string egress_type = 2;
    TypedValue argument = 3;
  }
  message InvocationResponse {
    repeated PersistedValueMutation state_mutations = 1;
    repeated OutgoingInvocation outgoing_messages = 2;
    repeated DelayedInvocation delayed_invocations = 3;
    repeated EgressMessage outgoing_egresses = 4;
  }
  message ExpirationSpec {
    int32 mode = 1;               // 0 NONE, 1 AFTER_WRITE, 2 AFTER_INVOKE
    int64 expire_after_millis = 2;
  }
  message PersistedValueSpec {
    string state_name = 1;
    ExpirationSpec expiration_spec = 2;
    string type_typename = 3;
  }
  message IncompleteInvocationContext {
    repeated PersistedValueSpec missing_values = 1;
  }
  oneof response {
    InvocationResponse invocation_result = 100;
    IncompleteInvocationContext incomplete_invocation_context = 101;
  }
}

message KinesisEgressRecord {
  bytes partition_key = 1;        // a string that the Java SDK may fill with other bytes
  bytes value_bytes = 2;
  string stream = 3;
  string explicit_hash_key = 4;
}

message BoolWrapper { bool value = 1; }
message IntWrapper { sfixed32 value = 1; }
message LongWrapper { sfixed64 value = 1; }
message FloatWrapper { float value = 1; }
message DoubleWrapper { double value = 1; }
message StringWrapper { string value = 1; }
`;

const { root } = protobuf.parse(PROTOCOL, { keepCase: true });

/** The message called `name`; a nested one as `Outer.Inner`. */
export const messageType = (name: string): protobuf.Type => root.lookupType(name);
