/* imsg-mime-scan.c - a look at an e-mail before GMime reads it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-mime-import-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* GMime reads groups of addresses by recursion: some thousands of them inside one another end the
 * stack of a thread. RFC 5322 has no group in a group. */
#define MAX_GROUP_DEPTH 256

/* The same where only the look of a line says that headers follow: text may be of that kind, and no
 * stack is that short. */
#define MAX_GUESSED_GROUP_DEPTH 2048

/* GMime searches the end of each encoded word to the end of the header: many that do not end take
 * quadratic time. */
#define MAX_OPEN_WORDS 256

/* GMime goes through all it has read of a list again for each that is no address. */
#define MAX_BARE_NAMES 4096

/* A header costs GMime some hundred bytes beside its own. */
#define MAX_HEADER_LINES 65536

#define BUFFER_BYTES 65536

static const char *const address_headers[] = { "from", "sender", "reply-to", "to", "cc", "bcc" };

/* One line with its continuations, which may be a header. */
typedef struct
{
  char     name[16];
  guint    n_name;
  gboolean has_name;     /* past the colon */
  gboolean is_addresses;
  guint    group_depth;
  gboolean is_quoted;
  gboolean is_escaped;
  gboolean has_at;       /* in what the list is at */
  guint    n_bare_names; /* of the list, without an @ */
  gboolean is_word_open;
  gboolean may_be_word;  /* "=?" while one is open: the end of padded base64, or another word */
  guint    n_open_words;
  char     previous;
} Line;

/* How much of a line is looked at: RFC 2046 allows boundaries of 70 characters. */
#define START_BYTES 512

/* Boundaries that are remembered; past them each line that looks like one is taken for one. */
#define MAX_BOUNDARIES 4096

/* Where headers may be: at the start, behind a boundary, and in what a message/… part holds. */
typedef struct
{
  gboolean    is_in_headers;
  gboolean    is_guess;     /* behind a line that only looks like a boundary */
  gboolean    is_message;   /* the headers announce another message */
  gboolean    has_digest;   /* whose parts are messages without saying so */
  gboolean    is_part_of_digest;
  guint       n_types;
  gboolean    is_in_type;
  GString    *type;         /* the Content-Type so far, unfolded */
  guint       n_encodings;
  gboolean    is_in_encoding;
  gboolean    is_encoded;   /* GMime does not look into such a message */
  guint       n_lines;
  guint64     n_bytes;
  GHashTable *boundaries;   /* (element-type utf8): those that headers announced */
  gboolean    is_any_boundary;
  gboolean    may_go_on;    /* a line ended in one that has no quotes */
} Block;

static void
begin_headers (Block    *block,
               gboolean  is_in_headers,
               gboolean  is_part)
{
  block->is_in_headers = is_in_headers;
  block->is_message = FALSE;
  block->is_part_of_digest = is_part && block->has_digest;
  block->n_types = 0;
  block->is_in_type = FALSE;
  block->n_encodings = 0;
  block->is_in_encoding = FALSE;
  block->is_encoded = FALSE;
  block->n_lines = 0;
  block->n_bytes = 0;
}

/* What stands behind "boundary=" in a line of a header, the first or one it was folded into. */
static void
remember_boundary (Block      *block,
                   const char *line,
                   gsize       length)
{
  if (block->may_go_on && (*line == ' ' || *line == '\t'))
    block->is_any_boundary = TRUE;
  block->may_go_on = FALSE;
  for (const char *c = line; c + 8 <= line + length; c++)
    if (g_ascii_strncasecmp (c, "boundary", 8) == 0)
      {
        const char *value = c + 8 + strspn (c + 8, " \t");
        gsize n_value;
        gboolean is_quoted;

        if (*value != '=' || length == START_BYTES - 1 ||
            g_hash_table_size (block->boundaries) >= MAX_BOUNDARIES)
          {
            block->is_any_boundary = TRUE;
            return;
          }
        value++;
        value += strspn (value, " \t");
        is_quoted = *value == '"';
        value += is_quoted;
        n_value = strcspn (value, is_quoted ? "\"\\" : "\"\\;() \t");
        /* what is not plain, or is decoded, is nothing to rely on */
        if (n_value == 0 || (is_quoted ? value[n_value] != '"'
                                       : value[n_value] != ';' && value[n_value] != '\0') ||
            !g_str_is_ascii (value) || g_strstr_len (value, (gssize) n_value, "=?") != NULL)
          block->is_any_boundary = TRUE;
        else
          g_hash_table_add (block->boundaries, g_strchomp (g_strndup (value, n_value)));
        block->may_go_on = value[n_value] == '\0';
      }
}

/* A boundary may have more behind it than it was announced with; it is one then of another part, or
 * the last one. */
static gboolean
is_boundary (Block      *block,
             const char *start,
             gsize       n_start)
{
  g_autofree char *line = NULL;

  if (n_start < 2 || memcmp (start, "--", 2) != 0)
    return FALSE;
  if (block->is_any_boundary || n_start == START_BYTES - 1)
    return TRUE;
  line = g_strchomp (g_strndup (start + 2, n_start - 2));
  if (g_str_has_suffix (line, "--") && g_hash_table_size (block->boundaries) > 0 &&
      !g_hash_table_contains (block->boundaries, line))
    line[strlen (line) - 2] = '\0';
  return g_hash_table_contains (block->boundaries, line);
}

/* Behind the colon of a header; NULL for another line. */
static const char *
find_value (const char *line,
            const char *name)
{
  gsize length = strlen (name);

  if (g_ascii_strncasecmp (line, name, length) != 0)
    return NULL;
  line += length + strspn (line + length, " \t");
  return *line == ':' ? line + 1 : NULL;
}

/* The first counts, and one that is folded for nothing. */
static void
scan_encoding (Block      *block,
               const char *line)
{
  const char *value = find_value (line, "content-transfer-encoding");

  if (value == NULL && block->is_in_encoding && (*line == ' ' || *line == '\t'))
    block->is_encoded = FALSE;
  else
    block->is_in_encoding = value != NULL && ++block->n_encodings == 1;
  if (value != NULL && block->is_in_encoding)
    switch (g_mime_content_encoding_from_string (value))
      {
      case GMIME_CONTENT_ENCODING_BASE64:
      case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
      case GMIME_CONTENT_ENCODING_UUENCODE:
        block->is_encoded = TRUE;
        break;
      default:
        break;
      }
}

/* GMime tells what the type is, as it will when it reads the part. What it cannot read is for it
 * "application/octet-stream", and in a digest another message. */
static void
scan_content_type (Block      *block,
                   const char *line,
                   gsize       length)
{
  const char *value = find_value (line, "content-type");
  GMimeContentType *type;

  if (value != NULL)
    {
      block->is_in_type = TRUE;
      block->n_types++;
      g_string_assign (block->type, value);
    }
  else if (block->is_in_type && (*line == ' ' || *line == '\t'))
    g_string_append (block->type, line);
  else
    block->is_in_type = FALSE;
  if (!block->is_in_type)
    return;
  if (block->type->len >= START_BYTES - 1 || strlen (line) < length)
    {
      block->is_message = block->has_digest = TRUE;
      block->is_in_type = FALSE;
      return;
    }
  type = g_mime_content_type_parse (NULL, block->type->str);
  block->is_message |= g_mime_content_type_is_type (type, "message", "*");
  block->has_digest |= g_mime_content_type_is_type (type, "multipart", "digest");
  block->is_in_type = g_mime_content_type_is_type (type, "application", "octet-stream");
  block->is_part_of_digest &= block->is_in_type || block->n_types > 1;
  g_object_unref (type);
}

/* is_empty: as GMime has it, which is no line of two CR */
static gboolean
scan_line (Block       *block,
           const char  *start,
           gsize        n_start,
           gboolean     is_empty,
           GError     **error)
{
  if (is_boundary (block, start, n_start))
    {
      begin_headers (block, TRUE, TRUE);
      block->is_guess = FALSE;
    }
  else if ((!block->is_in_headers || block->is_guess) && g_str_has_prefix (start, "--"))
    {
      begin_headers (block, TRUE, TRUE);
      block->is_guess = TRUE;
    }
  else if (is_empty)
    begin_headers (block,
                   block->is_in_headers && !block->is_encoded &&
                     (block->is_message || block->is_part_of_digest),
                   FALSE);
  else if (block->is_in_headers)
    {
      if (!block->is_guess)
        remember_boundary (block, start, n_start);
      scan_content_type (block, start, n_start);
      scan_encoding (block, start);
      if (!block->is_guess && ++block->n_lines > MAX_HEADER_LINES)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                       g_dngettext (GETTEXT_PACKAGE,
                                    "There is more than %d header line",
                                    "There are more than %d header lines",
                                    MAX_HEADER_LINES),
                       MAX_HEADER_LINES);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
is_address_header (const Line *line)
{
  for (guint i = 0; i < G_N_ELEMENTS (address_headers); i++)
    if (strlen (address_headers[i]) == line->n_name &&
        g_ascii_strncasecmp (line->name, address_headers[i], line->n_name) == 0)
      return TRUE;
  return FALSE;
}

/* Comments are not looked at, nor quotes for colons: a line that has this many in them is no loss.
 * A comma in quotes is in many a name. */
static void
scan_address_byte (Line *line,
                   char  c)
{
  line->group_depth += c == ':';
  line->group_depth -= c == ';' && line->group_depth > 0;
  line->has_at |= c == '@';
  if (c == '"' && !line->is_escaped)
    line->is_quoted = !line->is_quoted;
  line->is_escaped = line->is_quoted && c == '\\' && !line->is_escaped;
  if ((c == ',' || c == ';') && !line->is_quoted)
    {
      line->n_bare_names += !line->has_at;
      line->has_at = FALSE;
    }
}

static gboolean
scan_byte (Line      *line,
           char       c,
           gboolean   is_guess,
           GError   **error)
{
  guint max_depth = is_guess ? MAX_GUESSED_GROUP_DEPTH : MAX_GROUP_DEPTH;

  if (line->previous == '\n' && c != ' ' && c != '\t')
    memset (line, 0, sizeof *line);

  if (!line->has_name)
    {
      if (c == ':')
        {
          line->has_name = TRUE;
          line->is_addresses = is_address_header (line);
        }
      else if (line->n_name < sizeof line->name && c != ' ' && c != '\t')
        line->name[line->n_name++] = c;
    }
  else if (line->is_addresses)
    scan_address_byte (line, c);

  if (line->previous == '?' && c == '=')
    line->is_word_open = line->may_be_word = FALSE;
  else
    {
      line->n_open_words += line->may_be_word;
      line->may_be_word = line->is_word_open && line->previous == '=' && c == '?';
      line->is_word_open |= line->previous == '=' && c == '?';
    }
  line->previous = c;

  if (line->group_depth > max_depth)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   _("A header has more than %d groups of addresses inside one another"),
                   (int) max_depth);
      return FALSE;
    }
  if (is_guess)
    return TRUE;
  if (line->n_bare_names > MAX_BARE_NAMES)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   _("A header has more than %d names without an address"), MAX_BARE_NAMES);
      return FALSE;
    }
  if (line->n_open_words > MAX_OPEN_WORDS)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   _("A header has more than %d encoded words that do not end"), MAX_OPEN_WORDS);
      return FALSE;
    }
  return TRUE;
}

/* The length of a line of a body, which most of a large mail are; 0 for one that must be looked
 * at, as it may be a boundary. */
static gsize
find_harmless_line (const Block *block,
                    const char  *start,
                    gsize        n_bytes)
{
  const char *end;

  if (block->is_in_headers || *start == '-')
    return 0;
  end = memchr (start, '\n', n_bytes);
  return end != NULL ? (gsize) (end - start) + 1 : 0;
}

gboolean
_imsg_mime_scan (GInputStream  *stream,
                 gint64         offset,
                 guint64        max_header_bytes,
                 GCancellable  *cancellable,
                 GError       **error)
{
  g_autofree char *buffer = g_malloc (BUFFER_BYTES);
  Line line = { .previous = '\n' };
  g_autoptr(GHashTable) boundaries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GString) type = g_string_new (NULL);
  Block block = { .is_in_headers = TRUE, .type = type, .boundaries = boundaries };
  char start[START_BYTES] = { 0 };
  gsize n_start = 0;
  gsize n_line = 0;
  gssize n_read;

  if (!g_seekable_seek (G_SEEKABLE (stream), offset, G_SEEK_SET, cancellable, error))
    return FALSE;
  while ((n_read = g_input_stream_read (stream, buffer, BUFFER_BYTES, cancellable, error)) > 0)
    for (gssize i = 0; i < n_read; i++)
      {
        if (n_line == 0)
          {
            gsize n_harmless = find_harmless_line (&block, buffer + i, (gsize) (n_read - i));

            if (n_harmless > 0)
              {
                line = (Line) { .previous = '\n' };
                i += (gssize) n_harmless - 1;
                continue;
              }
          }
        if (block.is_in_headers && !scan_byte (&line, buffer[i], block.is_guess, error))
          return FALSE;
        if (block.is_in_headers && !block.is_guess && ++block.n_bytes > max_header_bytes)
          {
            g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                         g_dngettext (GETTEXT_PACKAGE,
                                      "There is more than %" PRIu64 " byte of headers",
                                      "There are more than %" PRIu64 " bytes of headers",
                                      max_header_bytes),
                         max_header_bytes);
            return FALSE;
          }
        if (buffer[i] == '\n')
          {
            gboolean is_empty = n_line == 0 || (n_line == 1 && n_start == 0);

            start[n_start] = '\0';
            if (!scan_line (&block, start, n_start, is_empty, error))
              return FALSE;
            if (!block.is_in_headers)
              line = (Line) { .previous = '\n' };
            n_start = n_line = 0;
            continue;
          }
        n_line++;
        if (buffer[i] != '\r' && n_start < sizeof start - 1)
          start[n_start++] = buffer[i];
      }
  return n_read == 0 && g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_SET, cancellable, error);
}
