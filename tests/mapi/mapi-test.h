/* mapi-test.h - TAP for programs that know nothing but the MAPI headers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef MAPI_TEST_H
#define MAPI_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int n_tests __attribute__ ((unused));
static int n_failed __attribute__ ((unused));
static int test_failed;

#define CHECK(condition)                                                                            \
  do                                                                                                \
    {                                                                                               \
      if (!(condition))                                                                             \
        {                                                                                           \
          printf ("# %s:%d: %s\n", __FILE__, __LINE__, #condition);                                 \
          test_failed = 1;                                                                          \
        }                                                                                           \
    }                                                                                               \
  while (0)

#define CHECK_HR(call, expected)                                                                    \
  do                                                                                                \
    {                                                                                               \
      HRESULT check_hr = (call);                                                                    \
      if (check_hr != (HRESULT) (expected))                                                         \
        {                                                                                           \
          printf ("# %s:%d: %s is 0x%08X, not %s\n", __FILE__, __LINE__, #call,                     \
                  (unsigned) check_hr, #expected);                                                  \
          test_failed = 1;                                                                          \
        }                                                                                           \
    }                                                                                               \
  while (0)

#define CHECK_TEXT(text, expected)                                                                  \
  do                                                                                                \
    {                                                                                               \
      const char *check_text = (text);                                                              \
      if (check_text == NULL || strcmp (check_text, expected) != 0)                                 \
        {                                                                                           \
          printf ("# %s:%d: %s is \"%s\", not \"%s\"\n", __FILE__, __LINE__, #text,                 \
                  check_text != NULL ? check_text : "(none)", expected);                            \
          test_failed = 1;                                                                          \
        }                                                                                           \
    }                                                                                               \
  while (0)

#define RUN(test)                                                                                   \
  do                                                                                                \
    {                                                                                               \
      test_failed = 0;                                                                              \
      test ();                                                                                      \
      n_failed += test_failed;                                                                      \
      printf ("%sok %d - %s\n", test_failed ? "not " : "", ++n_tests, #test);                       \
      fflush (stdout);                                                                              \
    }                                                                                               \
  while (0)

static inline int
finish_tests (void)
{
  printf ("1..%d\n", n_tests);
  return n_failed != 0;
}

#endif
