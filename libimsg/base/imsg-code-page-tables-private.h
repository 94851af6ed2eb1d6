/* imsg-code-page-tables-private.h - what is known of each code page, as data
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  IMSG_CODE_PAGE_KIND_SINGLE,      /* one byte a character, ASCII below 0x80 */
  IMSG_CODE_PAGE_KIND_MULTI,       /* stateless, ASCII alone below 0x80 is ASCII */
  IMSG_CODE_PAGE_KIND_UTF8,
  IMSG_CODE_PAGE_KIND_UTF16LE,
  IMSG_CODE_PAGE_KIND_UTF16BE,
  IMSG_CODE_PAGE_KIND_UTF7,
  IMSG_CODE_PAGE_KIND_ISO2022_JP,
  IMSG_CODE_PAGE_KIND_ISO2022_KR,
  IMSG_CODE_PAGE_KIND_ISO2022_CN,
  IMSG_CODE_PAGE_KIND_HZ,
  IMSG_CODE_PAGE_KIND_EBCDIC,      /* one byte a character, none of them ASCII's */
  IMSG_CODE_PAGE_KIND_UTF32LE,
  IMSG_CODE_PAGE_KIND_UTF32BE,
} IMsgCodePageKind;

typedef struct
{
  guint            code_page;
  IMsgCodePageKind kind;
  guint            ansi;      /* ANSI page of the family, 0 for none */
  const char      *charset;   /* IANA name, or the one MIME mail uses */
  const char      *converter; /* iconv's name; NULL where no converter is needed */
  const guint16   *high_half; /* 128 characters from 0x80, 0 where undefined; NULL: ask iconv */
} IMsgCodePageInfo;

typedef struct
{
  const char *name;      /* lower case, letters and digits only */
  guint       code_page;
} IMsgCharsetAlias;

typedef struct
{
  guint16 locale_id;
  guint16 code_page;
} IMsgLocaleCodePage;

/* A byte that Windows reads and the converter rejects */
typedef struct
{
  guint16 code_page;
  guint8  byte;
  guint16 character;
} IMsgCodePageException;

extern const IMsgCodePageInfo _imsg_code_pages[];              /* sorted by code_page */
extern const guint _imsg_n_code_pages;
extern const IMsgCharsetAlias _imsg_charset_aliases[];         /* sorted by name */
extern const guint _imsg_n_charset_aliases;
extern const IMsgLocaleCodePage _imsg_locale_code_pages[];     /* sorted by locale_id */
extern const guint _imsg_n_locale_code_pages;
extern const IMsgCodePageException _imsg_code_page_exceptions[];
extern const guint _imsg_n_code_page_exceptions;

G_END_DECLS
