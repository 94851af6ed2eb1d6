/* imsg-mime-mend.c - headers as GMime can read them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-mime-import-private.h"
#include "imsg-mime-words-private.h"

/* Where the first text is searched. */
#define MAX_MULTIPART_DEPTH 64

/* Pieces of a parameter that are put together. */
#define MAX_PIECES 1024

static char *
find_charset (GMimeObject *object,
              guint        depth)
{
  char *charset = NULL;

  if (GMIME_IS_MULTIPART (object) && depth < MAX_MULTIPART_DEPTH)
    {
      int n_parts = g_mime_multipart_get_count (GMIME_MULTIPART (object));

      for (int i = 0; i < n_parts && charset == NULL; i++)
        charset = find_charset (g_mime_multipart_get_part (GMIME_MULTIPART (object), i), depth + 1);
    }
  else if (_imsg_mime_is_type (object, "text", "*"))
    charset = g_strdup (g_mime_object_get_content_type_parameter (object, "charset"));
  return charset;
}

char *
_imsg_mime_find_text_charset (GMimeObject *content)
{
  return find_charset (content, 0);
}

/* "text", "html", "text/", nothing, or a type in quotes, of old mailers and of scripts: RFC 2045
 * 5.2 wants what is no type to be text. Of another no parameter is lost, as a name is one. */
static char *
mend_type (GMimeObject *object,
           const char  *raw)
{
  static const char *const types[][2] = {
    { "", "text/plain" }, { "text", "text/plain" }, { "text/", "text/plain" },
    { "plain", "text/plain" }, { "text/plain", "text/plain" }, { "html", "text/html" },
    { "text/html", "text/html" },
  };
  const char *rest = raw + strcspn (raw, ";");
  g_autofree char *type = g_strndup (raw, (gsize) (rest - raw));

  if (!GMIME_IS_PART (object) || !_imsg_mime_is_type (object, "application", "octet-stream"))
    return NULL;
  g_strstrip (g_strdelimit (type, "\"", ' '));
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_ascii_strcasecmp (type, types[i][0]) == 0 && (*type != '\0' || *rest == '\0'))
      return g_strconcat (types[i][1], rest, NULL);
  return strchr (type, '/') == NULL ? g_strconcat ("application/octet-stream", rest, NULL) : NULL;
}

/* "base64;" or "\"base64\"", and the first where there are several: GMime takes the last. */
static void
mend_encoding (GMimePart *part)
{
  GMimeDataWrapper *content = g_mime_part_get_content (part);
  const char *value = g_mime_object_get_header (GMIME_OBJECT (part), "Content-Transfer-Encoding");
  g_autofree char *name = NULL;
  GMimeContentEncoding encoding;

  if (content == NULL || value == NULL)
    return;
  value += strspn (value, " \t\r\n\"");
  name = g_strndup (value, strcspn (value, " \t\r\n\";("));
  encoding = g_mime_content_encoding_from_string (name);
  if (encoding != GMIME_CONTENT_ENCODING_DEFAULT)
    g_mime_data_wrapper_set_encoding (content, encoding);
}

/* GMime reads all of a name again for each that changes; nobody asks it for what they say. */
static gboolean
has_people (const char *name)
{
  static const char *const names[] = { "From", "Sender", "Reply-To", "To", "Cc", "Bcc" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (name, names[i]) == 0)
      return TRUE;
  return FALSE;
}

void
_imsg_mime_mend_headers (IMsgMimeImport *import,
                         GMimeObject    *object)
{
  GMimeHeaderList *headers = g_mime_object_get_header_list (object);
  int n_headers = g_mime_header_list_get_count (headers);

  for (int i = 0; i < n_headers; i++)
    {
      GMimeHeader *header = g_mime_header_list_get_header_at (headers, i);
      const char *raw = g_mime_header_get_raw_value (header);
      g_autofree char *mended = NULL;
      g_autofree char *type = NULL;

      if (raw == NULL || has_people (g_mime_header_get_name (header)))
        continue;
      mended = _imsg_mime_mend_words (raw, import->charset);
      if (g_ascii_strcasecmp (g_mime_header_get_name (header), "Content-Type") == 0)
        type = mend_type (object, mended != NULL ? mended : raw);
      if (type != NULL || mended != NULL)
        g_mime_header_set_raw_value (header, type != NULL ? type : mended);
    }
  if (GMIME_IS_PART (object))
    mend_encoding (GMIME_PART (object));
}

/* --- RFC 2231 --- */

typedef struct
{
  char     *value;
  gboolean  is_encoded;
} Piece;

static void
piece_clear (gpointer data)
{
  Piece *piece = data;

  g_free (piece->value);
}

/* Behind the parameter that text begins with: at ; or the end. */
static const char *
skip_parameter (const char *text)
{
  gboolean is_quoted = FALSE;

  for (; *text != '\0' && (is_quoted || *text != ';'); text++)
    if (*text == '"')
      is_quoted = !is_quoted;
    else if (is_quoted && *text == '\\' && text[1] != '\0')
      text++;
  return text;
}

static char *
unquote (const char *begin,
         const char *end)
{
  g_autofree char *value = g_strstrip (g_strndup (begin, (gsize) (end - begin)));
  GString *out;

  if (*value != '"')
    return g_steal_pointer (&value);
  out = g_string_new (NULL);
  for (const char *c = value + 1; *c != '\0' && *c != '"'; c++)
    {
      if (*c == '\\' && c[1] != '\0')
        c++;
      g_string_append_c (out, *c);
    }
  return g_string_free (out, FALSE);
}

/* "name*=", "name*1=" or "name*1*=" from begin to end becomes one of the pieces. */
static void
take_piece (const char *begin,
            const char *end,
            const char *name,
            GArray     *pieces)
{
  const char *equals = memchr (begin, '=', (gsize) (end - begin));
  g_autofree char *key =
    equals != NULL ? g_strstrip (g_strndup (begin, (gsize) (equals - begin))) : NULL;
  gsize length = strlen (name);
  char *rest;
  guint64 number;
  Piece *piece;

  if (key == NULL || g_ascii_strncasecmp (key, name, length) != 0 || key[length] != '*')
    return;
  number = g_ascii_strtoull (key + length + 1, &rest, 10);
  if (number >= MAX_PIECES || (*rest != '\0' && strcmp (rest, "*") != 0))
    return;
  if (number >= pieces->len)
    g_array_set_size (pieces, (guint) number + 1);
  piece = &g_array_index (pieces, Piece, number);
  if (piece->value != NULL)
    return;
  piece->value = unquote (equals + 1, end);
  piece->is_encoded = *rest == '*' || rest == key + length + 1;
}

static void
append_percent (GByteArray *bytes,
                const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    {
      guint8 byte = (guint8) *c;

      if (*c == '%' && g_ascii_isxdigit (c[1]) && g_ascii_isxdigit (c[2]))
        {
          byte = (guint8) (g_ascii_xdigit_value (c[1]) << 4 | g_ascii_xdigit_value (c[2]));
          c += 2;
        }
      g_byte_array_append (bytes, &byte, 1);
    }
}

/* "name*0=\"=?utf-8?B?…\"; name*1=\"…?=\"": words that were cut as if they were text, as JavaMail
 * does. */
static char *
join_words (GArray *pieces)
{
  g_autoptr(GString) words = g_string_new (NULL);

  for (guint i = 0; i < pieces->len; i++)
    {
      const Piece *piece = &g_array_index (pieces, Piece, i);

      if (piece->value == NULL || piece->is_encoded)
        break;
      g_string_append (words, piece->value);
    }
  return strstr (words->str, "=?") != NULL ? _imsg_mime_decode_words (words->str) : NULL;
}

char *
_imsg_mime_get_extended (GMimeObject *object,
                         const char  *header,
                         const char  *name)
{
  GMimeHeader *found =
    g_mime_header_list_get_header (g_mime_object_get_header_list (object), header);
  const char *raw = found != NULL ? g_mime_header_get_raw_value (found) : NULL;
  g_autoptr(GArray) pieces = g_array_new (FALSE, TRUE, sizeof (Piece));
  g_autoptr(GByteArray) bytes = NULL;
  g_autoptr(GBytes) text = NULL;
  g_auto(GStrv) parts = NULL;
  const Piece *first;
  gboolean has_charset;

  g_array_set_clear_func (pieces, piece_clear);
  for (const char *c = raw; c != NULL && *c != '\0';)
    {
      const char *end = skip_parameter (c);

      take_piece (c, end, name, pieces);
      c = *end == ';' ? end + 1 : end;
    }
  first = pieces->len > 0 ? &g_array_index (pieces, Piece, 0) : NULL;
  if (first == NULL || first->value == NULL || *first->value == '\0')
    return NULL;
  if (!first->is_encoded)
    return join_words (pieces);
  /* charset'language'text, or the text alone */
  parts = g_strsplit (first->value, "'", 3);
  has_charset = g_strv_length (parts) == 3 && *parts[0] != '\0';
  bytes = g_byte_array_new ();
  append_percent (bytes, parts[g_strv_length (parts) == 3 ? 2 : 0]);
  for (guint i = 1; i < pieces->len; i++)
    {
      const Piece *piece = &g_array_index (pieces, Piece, i);

      if (piece->value == NULL)
        break;
      if (piece->is_encoded)
        append_percent (bytes, piece->value);
      else
        g_byte_array_append (bytes, (const guint8 *) piece->value, (guint) strlen (piece->value));
    }
  text = g_bytes_new (bytes->data, bytes->len);
  return _imsg_mime_decode_text (text, has_charset ? parts[0] : NULL);
}
