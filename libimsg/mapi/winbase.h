/* winbase.h - the small things of Windows that programs use around MAPI: memory, strings, words
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef IMSG_MAPI_WINBASE_H
#define IMSG_MAPI_WINBASE_H

#include <stdlib.h>
#include <string.h>

#include "wtypes.h"

#ifndef MAX_PATH
# define MAX_PATH 260
#endif
#ifndef ARRAYSIZE
# define ARRAYSIZE(array) (sizeof (array) / sizeof ((array)[0]))
#endif
#ifndef _countof
# define _countof(array) ARRAYSIZE (array)
#endif

#define LOBYTE(w) ((BYTE) ((DWORD_PTR) (w) & 0xFF))
#define HIBYTE(w) ((BYTE) (((DWORD_PTR) (w) >> 8) & 0xFF))
#define LOWORD(l) ((WORD) ((DWORD_PTR) (l) & 0xFFFF))
#define HIWORD(l) ((WORD) (((DWORD_PTR) (l) >> 16) & 0xFFFF))
#define MAKEWORD(low, high) ((WORD) (LOBYTE (low) | ((WORD) LOBYTE (high) << 8)))
#define MAKELONG(low, high) ((LONG) (LOWORD (low) | ((DWORD) LOWORD (high) << 16)))

#define CopyMemory(to, from, n) memcpy ((to), (from), (n))
#define MoveMemory(to, from, n) memmove ((to), (from), (n))
#define FillMemory(to, n, byte) memset ((to), (byte), (n))
#define ZeroMemory(to, n) memset ((to), 0, (n))

/* The compiler may not leave it out. */
static inline LPVOID
SecureZeroMemory (LPVOID to, SIZE_T n)
{
  volatile BYTE *at = (volatile BYTE *) to;

  while (n-- > 0)
    *at++ = 0;
  return to;
}

/* Like those of the C library, but NULL is an empty string, and a WCHAR is always 16 bits wide.
 * Case is that of ASCII. */
#define IMSG_MAPI_STRING_FUNCTIONS(suffix, type)                                                    \
  static inline int lstrlen##suffix (const type *text)                                              \
  {                                                                                                 \
    int n = 0;                                                                                      \
                                                                                                    \
    while (text != NULL && text[n] != 0)                                                            \
      n++;                                                                                          \
    return n;                                                                                       \
  }                                                                                                 \
                                                                                                    \
  static inline type *lstrcpyn##suffix (type *to, const type *from, int n)                          \
  {                                                                                                 \
    int i;                                                                                          \
                                                                                                    \
    for (i = 0; i + 1 < n && from != NULL && from[i] != 0; i++)                                     \
      to[i] = from[i];                                                                              \
    if (n > 0)                                                                                      \
      to[i] = 0;                                                                                    \
    return to;                                                                                      \
  }                                                                                                 \
                                                                                                    \
  static inline type *lstrcpy##suffix (type *to, const type *from)                                  \
  {                                                                                                 \
    return lstrcpyn##suffix (to, from, lstrlen##suffix (from) + 1);                                 \
  }                                                                                                 \
                                                                                                    \
  static inline type *lstrcat##suffix (type *to, const type *from)                                  \
  {                                                                                                 \
    lstrcpy##suffix (to + lstrlen##suffix (to), from);                                              \
    return to;                                                                                      \
  }                                                                                                 \
                                                                                                    \
  static inline unsigned imsg_mapi_fold_##suffix (type unit, int fold)                              \
  {                                                                                                 \
    unsigned value = sizeof (type) == 1 ? (unsigned char) unit : (unsigned) unit;                   \
                                                                                                    \
    return fold && value >= 'A' && value <= 'Z' ? value + ('a' - 'A') : value;                      \
  }                                                                                                 \
                                                                                                    \
  static inline int imsg_mapi_compare_##suffix (const type *a, const type *b, int fold)             \
  {                                                                                                 \
    static const type nothing[1] = { 0 };                                                           \
                                                                                                    \
    a = a != NULL ? a : nothing;                                                                    \
    b = b != NULL ? b : nothing;                                                                    \
    while (*a != 0 && imsg_mapi_fold_##suffix (*a, fold) == imsg_mapi_fold_##suffix (*b, fold))     \
      a++, b++;                                                                                     \
    return (int) imsg_mapi_fold_##suffix (*a, fold) - (int) imsg_mapi_fold_##suffix (*b, fold);     \
  }                                                                                                 \
                                                                                                    \
  static inline int lstrcmp##suffix (const type *a, const type *b)                                  \
  {                                                                                                 \
    return imsg_mapi_compare_##suffix (a, b, 0);                                                    \
  }                                                                                                 \
                                                                                                    \
  static inline int lstrcmpi##suffix (const type *a, const type *b)                                 \
  {                                                                                                 \
    return imsg_mapi_compare_##suffix (a, b, 1);                                                    \
  }

IMSG_MAPI_STRING_FUNCTIONS (A, char)
IMSG_MAPI_STRING_FUNCTIONS (W, WCHAR)

#ifdef UNICODE
# define lstrlen lstrlenW
# define lstrcpy lstrcpyW
# define lstrcpyn lstrcpynW
# define lstrcat lstrcatW
# define lstrcmp lstrcmpW
# define lstrcmpi lstrcmpiW
#else
# define lstrlen lstrlenA
# define lstrcpy lstrcpyA
# define lstrcpyn lstrcpynA
# define lstrcat lstrcatA
# define lstrcmp lstrcmpA
# define lstrcmpi lstrcmpiA
#endif

#endif
