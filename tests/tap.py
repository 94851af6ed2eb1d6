# tap.py - runs unittest cases and prints TAP
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Import it, write unittest.TestCase classes, and end with tap.main()."""

import os
import sys
import unittest

SAMPLES = os.environ.get('IMSG_SAMPLES')
needs_samples = unittest.skipUnless(SAMPLES and os.path.isdir(SAMPLES),
                                    'IMSG_SAMPLES names no folder of samples')


class _Result(unittest.TestResult):
    def _name(self, test):
        return test.id().replace('__main__.', '').replace('#', '')

    def startTestRun(self):
        self.total = 0

    def _print(self, word, test, comment=''):
        self.total += 1
        print(f'{word} {self.total} - {self._name(test)}{comment}', flush=True)

    def _explain(self, test, error):
        for line in self._exc_info_to_string(error, test).splitlines():
            print(f'# {line}')

    def addSuccess(self, test):
        self._print('ok', test)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self._explain(test, error)
        self._print('not ok', test)

    def addError(self, test, error):
        super().addError(test, error)
        self._explain(test, error)
        self._print('not ok', test)

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self._explain(subtest, error)
            self._print('not ok', subtest)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._print('ok', test, f' # SKIP {reason}')


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules['__main__'])
    names = sys.argv[1:]
    if names:
        suite = unittest.TestSuite(case for group in suite for case in group
                                   if any(name in case.id() for name in names))
    print('TAP version 13')
    result = _Result()
    result.startTestRun()
    suite.run(result)
    print(f'1..{result.total}')
    sys.exit(0 if result.wasSuccessful() and result.total else 1)
