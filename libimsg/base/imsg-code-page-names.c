/* imsg-code-page-names.c - charset names, families and locales of code pages
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "imsg-code-page-internal-private.h"

gboolean
_imsg_code_page_is_known (guint code_page)
{
  return _imsg_code_page_get_info (code_page) != NULL;
}

const char *
_imsg_code_page_get_charset (guint code_page)
{
  const IMsgCodePageInfo *info = _imsg_code_page_get_info (code_page);

  return info != NULL ? info->charset : NULL;
}

guint
_imsg_code_page_get_ansi (guint internet_code_page)
{
  const IMsgCodePageInfo *info = _imsg_code_page_get_info (internet_code_page);

  return info != NULL ? info->ansi : 0;
}

guint
_imsg_code_page_widen (guint code_page)
{
  switch (code_page)
    {
    case 20127:
    case 28591:
      return IMSG_CODE_PAGE_WINDOWS_1252;
    case 28599:
      return 1254;
    case 28601:
      return 874;
    default:
      return code_page;
    }
}

gboolean
_imsg_code_page_is_double_byte (guint code_page)
{
  const IMsgCodePageInfo *info = _imsg_code_page_get_info (code_page);

  return info != NULL && info->kind == IMSG_CODE_PAGE_KIND_MULTI;
}

gboolean
_imsg_code_page_is_ascii_compatible (guint code_page)
{
  const IMsgCodePageInfo *info = _imsg_code_page_get_info (code_page);

  return info == NULL || info->kind == IMSG_CODE_PAGE_KIND_SINGLE ||
         info->kind == IMSG_CODE_PAGE_KIND_MULTI || info->kind == IMSG_CODE_PAGE_KIND_UTF8;
}

static int
compare_alias (const void *key,
               const void *member)
{
  return strcmp (key, ((const IMsgCharsetAlias *) member)->name);
}

/* By a name of letters and digits only */
static guint
find_charset (const char *name)
{
  static const char *const prefixes[] = { "windows", "cp", "ibm", "ms", "xcp", "dos" };
  const IMsgCharsetAlias *alias = bsearch (name, _imsg_charset_aliases, _imsg_n_charset_aliases,
                                           sizeof *_imsg_charset_aliases, compare_alias);

  if (alias != NULL)
    return alias->code_page;
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      guint64 code_page;

      if (g_str_has_prefix (name, prefixes[i]) &&
          g_ascii_string_to_unsigned (name + strlen (prefixes[i]), 10, 1, 65535, &code_page, NULL) &&
          _imsg_code_page_is_known (code_page))
        return code_page;
    }
  return 0;
}

guint
_imsg_code_page_from_charset (const char *charset)
{
  char name[40];
  gsize n = 0;
  guint code_page;

  if (charset == NULL)
    return 0;
  /* "ISO_8859-1", "iso8859-1" and "iso-8859-1" are one name. */
  for (; *charset != '\0'; charset++)
    {
      if (!g_ascii_isalnum (*charset))
        continue;
      if (n == sizeof name - 1)
        return 0;
      name[n++] = g_ascii_tolower (*charset);
    }
  name[n] = '\0';

  code_page = find_charset (name);
  /* "x-windows-949" of Java, "csUTF8" of IANA */
  if (code_page == 0 && g_str_has_prefix (name, "x"))
    code_page = find_charset (name + 1);
  if (code_page == 0 && g_str_has_prefix (name, "cs"))
    code_page = find_charset (name + 2);
  return code_page;
}

static int
compare_locale (const void *key,
                const void *member)
{
  guint16 locale_id = *(const guint16 *) key;
  const IMsgLocaleCodePage *entry = member;

  return (locale_id > entry->locale_id) - (locale_id < entry->locale_id);
}

guint
_imsg_code_page_from_locale (guint32 locale_id)
{
  guint16 low = locale_id & 0xFFFF;
  guint16 primary = low & 0x3FF;
  guint16 neutral = primary | 0x400;
  const IMsgLocaleCodePage *entry;

  if (primary == 0x01)
    return 1256;
  entry = bsearch (&low, _imsg_locale_code_pages, _imsg_n_locale_code_pages,
                   sizeof *_imsg_locale_code_pages, compare_locale);
  /* A neutral locale stands for its first country; the Chinese ones have rows of their own */
  if (entry == NULL && low == primary)
    entry = bsearch (&neutral, _imsg_locale_code_pages, _imsg_n_locale_code_pages,
                     sizeof *_imsg_locale_code_pages, compare_locale);
  return entry != NULL ? entry->code_page : IMSG_CODE_PAGE_WINDOWS_1252;
}
