import { defineVariadicMethod } from '@sluice/bloblang';
import { goFormat } from '@sluice/values';

export const format = defineVariadicMethod('format', {
  category: 'String Manipulation',
  status: 'stable',
  description:
    "The text with its verbs replaced by the arguments, as Go's `fmt.Sprintf` does it: `%v` prints any value, `%s` text, `%d` an integer, " +
    '`%.2f` a float. A number of the input document is text to it, so it is printed with `%v` or `%s`, or after `.number()` or `.int64()`.',
  receiver: 'string',
  examples: [
    { mapping: 'root.t = "%s is %v".format(this.name, this.age)', input: { name: 'Ada', age: 36 }, output: { t: 'Ada is 36' } },
    { mapping: 'root.t = "%05.1f|%-4d|%x".format(3.14159, 42, "hi")', input: {}, output: { t: '003.1|42  |6869' } },
  ],
  prepare: (args) => (template) => goFormat(template, args),
});
