/* imsg-html-charset.c - which code page HTML bytes are in
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body-private.h"

#include "imsg-code-page-private.h"
#include "imsg-html-private.h"

#include <glib/gi18n-lib.h>

#define CODE_PAGE_UTF16BE 1201
#define CODE_PAGE_UTF7 65000

/* A page is taken when no more than one in so many bytes over 127 cannot be read: a mail loses its
 * end, or gets a footer in another charset. UTF-8 is hardly ever read by chance, double bytes
 * are. */
#define HIGH_BYTES_FOR_A_LOSS 8
#define HIGH_BYTES_FOR_A_LOSS_OF_UTF8 2
/* With so many characters of more than a byte whole UTF-8 is nothing else. Two Chinese ones in GBK
 * may look like it. */
#define CHARACTERS_OF_SURE_UTF8 8

/* What the bytes look like before anybody names a code page */
typedef struct
{
  gboolean has_high;      /* bytes over 127 */
  gboolean is_utf8;       /* has some, and all are UTF-8 */
  gboolean is_sure_utf8;  /* has many of them */
  guint    utf16_page;    /* that it is plainly; 0 for none */
  gsize    n_nuls[2];     /* at even and at odd places */
  guint    escape_page;   /* whose escapes it has, and no bytes over 127; or 0 */
} Looks;

/* Whether the start is UTF-16, mostly of ASCII, with its NULs at even or odd places */
static gboolean
has_nul_halves (const guint8 *html,
                gsize         n_bytes,
                guint         nul_at)
{
  gsize n_start = MIN (n_bytes, 64) & ~(gsize) 1;
  gsize n_nuls = 0;

  for (gsize i = 0; i < n_start; i += 2)
    {
      n_nuls += html[i + nul_at] == 0;
      if (html[i + 1 - nul_at] == 0)
        return FALSE;
    }
  return n_start >= 8 && n_nuls * 2 * 4 >= n_start * 3;
}

/* The page of ISO 2022 that announces its characters in the bytes; 0 for none */
static guint
find_escape_page (const guint8 *html,
                  gsize         n_bytes)
{
  static const struct
  {
    const char *escape;
    guint       page;
  } escapes[] = {
    { "\x1B$B", 50220 }, { "\x1B$@", 50220 }, { "\x1B$)C", 50225 }, { "\x1B$)A", 50227 },
    { "\x1B$)G", 50229 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (escapes); i++)
    {
      if (memmem (html, n_bytes, escapes[i].escape, strlen (escapes[i].escape)) != NULL)
        return escapes[i].page;
    }
  return 0;
}

/* Whether all of it can be UTF-16: the letters of the markup alone put NULs into one of the halves,
 * and next to none into the other. */
static gboolean
is_utf16 (const Looks  *looks,
          guint         code_page,
          const guint8 *html,
          gsize         n_bytes)
{
  guint nul_at = code_page == IMSG_CODE_PAGE_UTF16LE ? 1 : 0;

  return looks->n_nuls[nul_at] >= 4 + 8 * looks->n_nuls[1 - nul_at] &&
         _imsg_code_page_is_valid (code_page, html, n_bytes & ~(gsize) 1);
}

/* The UTF-16 that it is by its looks: mostly ASCII at its start, or beginning with markup; 0 for
 * none. */
static guint
find_utf16_page (const Looks  *looks,
                 const guint8 *html,
                 gsize         n_bytes)
{
  gboolean has_bracket = n_bytes >= 2 && html[0] + html[1] == '<';

  if (has_nul_halves (html, n_bytes, 1))
    return IMSG_CODE_PAGE_UTF16LE;
  if (has_nul_halves (html, n_bytes, 0))
    return CODE_PAGE_UTF16BE;
  if (has_bracket && html[1] == 0 && is_utf16 (looks, IMSG_CODE_PAGE_UTF16LE, html, n_bytes))
    return IMSG_CODE_PAGE_UTF16LE;
  if (has_bracket && html[0] == 0 && is_utf16 (looks, CODE_PAGE_UTF16BE, html, n_bytes))
    return CODE_PAGE_UTF16BE;
  return 0;
}

static Looks
look_at (const guint8 *html,
         gsize         n_bytes)
{
  Looks looks = { 0 };
  gsize n_leads = 0;

  for (gsize i = 0; i < n_bytes; i++)
    {
      looks.has_high |= html[i] >= 0x80;
      looks.n_nuls[i & 1] += html[i] == 0;
      n_leads += html[i] >= 0xC0;
    }
  looks.is_utf8 = looks.has_high && _imsg_code_page_is_valid (IMSG_CODE_PAGE_UTF8, html, n_bytes);
  looks.is_sure_utf8 = looks.is_utf8 && n_leads >= CHARACTERS_OF_SURE_UTF8;
  looks.utf16_page = find_utf16_page (&looks, html, n_bytes);
  if (!looks.has_high)
    looks.escape_page = find_escape_page (html, n_bytes);
  return looks;
}

static void
add_step (GPtrArray  *trace,
          const char *format,
          ...) G_GNUC_PRINTF (2, 3);

static void
add_step (GPtrArray  *trace,
          const char *format,
          ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (trace, g_strdup_vprintf (format, args));
  va_end (args);
}

/* Whole UTF-8 is not by chance what another page reads with losses. */
static gboolean
reads_most (const Looks  *looks,
            guint         code_page,
            const guint8 *html,
            gsize         n_bytes)
{
  gsize n_allowed = code_page == IMSG_CODE_PAGE_UTF8 ? HIGH_BYTES_FOR_A_LOSS_OF_UTF8
                                                     : HIGH_BYTES_FOR_A_LOSS;
  gsize n_replaced = 0;
  gsize n_high = 0;

  g_free (_imsg_code_page_decode (code_page, html, n_bytes, NULL, &n_replaced));
  if (n_replaced == 0 || looks->is_utf8)
    return n_replaced == 0;
  for (gsize i = 0; i < n_bytes; i++)
    n_high += html[i] >= 0x80;
  return n_replaced * n_allowed < n_high;
}

/* Whether a named page can be what the bytes are in; tells the trace. who: as it stands before a
 * colon. */
static gboolean
try_page (const Looks  *looks,
          const char   *who,
          guint         code_page,
          const guint8 *html,
          gsize         n_bytes,
          GPtrArray    *trace)
{
  if (!_imsg_code_page_is_known (code_page))
    {
      add_step (trace, _("%s: %u, which is not known"), who, code_page);
      return FALSE;
    }
  if (!reads_most (looks, code_page, html, n_bytes))
    {
      add_step (trace, _("%s: %u (%s), in which too much cannot be read"), who, code_page,
                _imsg_code_page_get_charset (code_page));
      return FALSE;
    }
  add_step (trace, _("%s: %u (%s), taken"), who, code_page,
            _imsg_code_page_get_charset (code_page));
  return TRUE;
}

static guint
check_bom (const guint8 *html,
           gsize         n_bytes)
{
  if (n_bytes >= 3 && memcmp (html, "\xEF\xBB\xBF", 3) == 0)
    return IMSG_CODE_PAGE_UTF8;
  if (n_bytes >= 2 && memcmp (html, "\xFF\xFE", 2) == 0)
    return IMSG_CODE_PAGE_UTF16LE;
  if (n_bytes >= 2 && memcmp (html, "\xFE\xFF", 2) == 0)
    return CODE_PAGE_UTF16BE;
  return 0;
}

/* Whether a page can be that of a meta element that was found as ASCII. UTF-7 could, but nobody
 * may name it there: it hides markup from who looks for it. */
static gboolean
can_be_named (guint code_page)
{
  return code_page != CODE_PAGE_UTF7 && _imsg_code_page_has_ascii (code_page);
}

/* What the meta element names; 0 for nothing that is known. */
static guint
find_named_page (const guint8 *html,
                 gsize         n_bytes,
                 GPtrArray    *trace)
{
  g_autofree char *charset = _imsg_html_find_charset (html, n_bytes);
  guint named;

  if (charset == NULL)
    return 0;
  named = _imsg_code_page_from_charset (charset);
  if (named == IMSG_CODE_PAGE_UTF16LE || named == CODE_PAGE_UTF16BE)
    return IMSG_CODE_PAGE_UTF8;
  if (named == 0)
    add_step (trace, _("The meta element says “%s”, which is not known"), charset);
  else if (!can_be_named (named))
    {
      add_step (trace, _("The meta element says “%s”, in which it could not be read"), charset);
      named = 0;
    }
  return named;
}

static gboolean
has_own_escapes (guint code_page)
{
  return (code_page >= 50220 && code_page <= 50229) || code_page == 52936;
}

/* What counts more than what is declared; 0 for nothing. */
static guint
overrule_declared (const Looks *looks,
                   const char  *who,
                   guint        declared,
                   guint        named,
                   GPtrArray   *trace)
{
  /* They say nothing in any page that has none. */
  if (looks->escape_page != 0 && !has_own_escapes (declared))
    {
      add_step (trace, _("It has the escapes of %u (%s): taken"), looks->escape_page,
                _imsg_code_page_get_charset (looks->escape_page));
      return looks->escape_page;
    }
  /* What is whole UTF-8 and says so is nothing else, though it could be read in any ANSI page. */
  if (declared != 0 && declared != IMSG_CODE_PAGE_UTF8 && named == IMSG_CODE_PAGE_UTF8 &&
      looks->is_utf8)
    {
      add_step (trace, _("%s: %u, but the meta element and the bytes say 65001 (utf-8)"),
                who, declared);
      return IMSG_CODE_PAGE_UTF8;
    }
  if (declared == 0)
    {
      declared = named;
      who = _("The meta element");
    }
  if (declared != 0 && declared != IMSG_CODE_PAGE_UTF8 &&
      (looks->is_sure_utf8 || (declared == 20127 && looks->is_utf8)))
    {
      add_step (trace, _("%s: %u, but all of it is 65001 (utf-8)"), who, declared);
      return IMSG_CODE_PAGE_UTF8;
    }
  return 0;
}

/* Where nothing reads most of it the first that was named is still the best guess. */
static guint
guess_page (guint      declared,
            guint      named,
            guint      fallback,
            GPtrArray *trace)
{
  guint page = IMSG_CODE_PAGE_WINDOWS_1252;

  if (declared != IMSG_CODE_PAGE_UTF16LE && declared != CODE_PAGE_UTF16BE &&
      _imsg_code_page_is_known (declared))
    page = _imsg_code_page_widen (declared);
  else if (named != 0)
    page = _imsg_code_page_widen (named);
  else if (_imsg_code_page_is_known (fallback))
    page = _imsg_code_page_widen (fallback);
  add_step (trace, _("No code page reads most of it; %u (%s) is taken, with replacements"), page,
            _imsg_code_page_get_charset (page));
  return page;
}

guint
_imsg_html_choose_code_page (const guint8 *html,
                             gsize         n_bytes,
                             const char   *who,
                             guint         declared,
                             guint         fallback,
                             GPtrArray    *trace)
{
  gboolean is_declared_utf16 = declared == IMSG_CODE_PAGE_UTF16LE || declared == CODE_PAGE_UTF16BE;
  guint page;
  guint named;
  Looks looks;

  /* Of no bytes there may be no place either */
  if (n_bytes == 0)
    html = (const guint8 *) "";
  page = check_bom (html, n_bytes);
  if (page != 0)
    {
      add_step (trace, _("A byte order mark says %u (%s): taken"), page,
                _imsg_code_page_get_charset (page));
      return page;
    }
  looks = look_at (html, n_bytes);
  if (looks.utf16_page != 0)
    {
      add_step (trace, _("Every other byte is 0, so it is %u (%s)"), looks.utf16_page,
                _imsg_code_page_get_charset (looks.utf16_page));
      return looks.utf16_page;
    }
  if (is_declared_utf16 && is_utf16 (&looks, declared, html, n_bytes))
    {
      add_step (trace, _("%s: %u (%s), taken"), who, declared,
                _imsg_code_page_get_charset (declared));
      return declared;
    }
  named = find_named_page (html, n_bytes, trace);
  page = overrule_declared (&looks, who, declared, named, trace);
  if (page != 0)
    return page;

  if (declared != 0 && !is_declared_utf16 &&
      try_page (&looks, who, _imsg_code_page_widen (declared), html, n_bytes, trace))
    return _imsg_code_page_widen (declared);
  if (named != 0 &&
      try_page (&looks, _("The meta element"), _imsg_code_page_widen (named), html, n_bytes,
                trace))
    return _imsg_code_page_widen (named);
  if (looks.is_utf8)
    {
      add_step (trace, _("All of it can be read as 65001 (utf-8): taken"));
      return IMSG_CODE_PAGE_UTF8;
    }
  if (fallback != 0 &&
      try_page (&looks, _("The text of the message"), _imsg_code_page_widen (fallback), html,
                n_bytes, trace))
    return _imsg_code_page_widen (fallback);
  return guess_page (declared, named, fallback, trace);
}
