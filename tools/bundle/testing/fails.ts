interface Depth {
  readonly left: number;
}

const fail = ({ left }: Depth): never => {
  if (left > 0) fail({ left: left - 1 });
  throw new RangeError('as expected');
};

fail({ left: 1 });
