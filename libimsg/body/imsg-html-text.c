/* imsg-html-text.c - readable text of HTML
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body-private.h"
#include "imsg-html-private.h"

/* Lists inside one another that are told apart; deeper ones are indented no further. */
#define MAX_LISTS 16
/* The same for quotations */
#define MAX_QUOTES 16
/* Attributes of one element that count */
#define MAX_ATTRIBUTES 4

#define NO_BREAK_SPACE "\xC2\xA0"
#define NO_CELL G_MAXSIZE

typedef enum
{
  ELEMENT_OTHER,
  ELEMENT_A,
  ELEMENT_BLOCK,      /* begins a line */
  ELEMENT_BR,
  ELEMENT_CELL,
  ELEMENT_DD,
  ELEMENT_HR,
  ELEMENT_IMG,
  ELEMENT_LI,
  ELEMENT_LIST,
  ELEMENT_ORDERED_LIST,
  ELEMENT_PARAGRAPH,  /* is set off by empty lines */
  ELEMENT_PRE,
  ELEMENT_QUOTE,
  ELEMENT_RAW,        /* its content is no text of the body */
  ELEMENT_ROW,
} Element;

/* Sorted by name */
static const struct
{
  char  name[12];
  guint element;
} elements[] = {
  { "a", ELEMENT_A }, { "address", ELEMENT_BLOCK }, { "article", ELEMENT_BLOCK },
  { "aside", ELEMENT_BLOCK }, { "blockquote", ELEMENT_QUOTE }, { "br", ELEMENT_BR },
  { "caption", ELEMENT_BLOCK }, { "center", ELEMENT_BLOCK }, { "dd", ELEMENT_DD },
  { "dir", ELEMENT_LIST }, { "div", ELEMENT_BLOCK }, { "dl", ELEMENT_PARAGRAPH },
  { "dt", ELEMENT_BLOCK }, { "fieldset", ELEMENT_BLOCK }, { "figcaption", ELEMENT_BLOCK },
  { "figure", ELEMENT_PARAGRAPH }, { "footer", ELEMENT_BLOCK }, { "form", ELEMENT_BLOCK },
  { "h1", ELEMENT_PARAGRAPH }, { "h2", ELEMENT_PARAGRAPH }, { "h3", ELEMENT_PARAGRAPH },
  { "h4", ELEMENT_PARAGRAPH }, { "h5", ELEMENT_PARAGRAPH }, { "h6", ELEMENT_PARAGRAPH },
  { "header", ELEMENT_BLOCK }, { "hr", ELEMENT_HR }, { "img", ELEMENT_IMG }, { "li", ELEMENT_LI },
  { "main", ELEMENT_BLOCK }, { "menu", ELEMENT_LIST }, { "nav", ELEMENT_BLOCK },
  { "noframes", ELEMENT_RAW }, { "ol", ELEMENT_ORDERED_LIST }, { "option", ELEMENT_BLOCK },
  { "p", ELEMENT_PARAGRAPH }, { "pre", ELEMENT_PRE }, { "script", ELEMENT_RAW },
  { "section", ELEMENT_BLOCK }, { "style", ELEMENT_RAW }, { "table", ELEMENT_BLOCK },
  { "td", ELEMENT_CELL }, { "template", ELEMENT_RAW }, { "textarea", ELEMENT_PRE },
  { "th", ELEMENT_CELL }, { "title", ELEMENT_RAW }, { "tr", ELEMENT_ROW }, { "ul", ELEMENT_LIST },
  { "xml", ELEMENT_RAW }, { "xmp", ELEMENT_PRE },
};

G_STATIC_ASSERT (G_N_ELEMENTS (elements) <= 64);

typedef struct
{
  const char *html;
  gsize       length;
  gsize       at;
  GString    *out;
  char       *link_target;
  gsize       link_start;       /* where its text begins in out */
  guint       list_counters[MAX_LISTS]; /* 0 for a list without numbers */
  guint8      list_numberings[MAX_LISTS]; /* IMsgHtmlNumbering */
  guint       n_lists;          /* may pass MAX_LISTS */
  guint       n_quotes;         /* may pass MAX_QUOTES */
  guint       n_last_quotes;    /* that the last line with text is in */
  guint32     cites;            /* a bit for each: set where it quotes somebody's mail */
  guint       n_pre;
  guint       n_newlines;       /* owed before the next text */
  gsize       mark_end;         /* where the mark of an item ends in out, until text follows */
  gsize       cell_start;       /* where the text of a cell begins in out; none outside of cells */
  guint64     lacks_end;        /* a bit for each of the elements: no end tag of it is to come */
  guint       has_space : 1;    /* owed too */
  guint       has_tab : 1;
  guint       row_has_cell : 1;
  guint       cell_is_line : 1; /* the last one was no more than that */
  guint       lacks_quote : 1;  /* no " from here to the end, so nobody looks again */
  guint       lacks_apostrophe : 1;
  guint       lacks_comment_end : 1;
  guint       lacks_body : 1;
} Reader;

static gboolean
is_at_line_start (Reader *reader)
{
  return reader->out->len == 0 || reader->out->str[reader->out->len - 1] == '\n';
}

/* At least so many line ends before what comes next; none at the very top. */
static void
want_newlines (Reader *reader,
               guint   n)
{
  reader->has_space = FALSE;
  reader->has_tab = FALSE;
  /* What an item begins with stands beside its mark */
  if (reader->mark_end > 0 && reader->mark_end == reader->out->len)
    return;
  if (reader->out->len > 0)
    reader->n_newlines = MAX (reader->n_newlines, n);
}

/* The same around a block; what a cell begins with stands where the cell does. */
static void
break_block (Reader *reader,
             guint   n)
{
  if (reader->cell_start != reader->out->len)
    want_newlines (reader, n);
}

/* What a line begins with inside quotations: of mail that is quoted "> ", of others spaces. An
 * empty one belongs to those that the lines on both sides are in. */
static void
append_quote_marks (Reader   *reader,
                    gboolean  is_empty_line)
{
  gsize start = reader->out->len;
  guint n_quotes = MIN (reader->n_quotes, MAX_QUOTES);

  if (is_empty_line)
    n_quotes = MIN (n_quotes, reader->n_last_quotes);
  else
    reader->n_last_quotes = n_quotes;
  for (guint i = 0; i < n_quotes; i++)
    g_string_append (reader->out, reader->cites >> i & 1 ? "> " : "    ");
  while (is_empty_line && reader->out->len > start &&
         reader->out->str[reader->out->len - 1] == ' ')
    g_string_truncate (reader->out, reader->out->len - 1);
}

static void
pay_debts (Reader *reader)
{
  if (reader->n_newlines > 0)
    {
      guint n_present = 0;
      gsize at = reader->out->len;

      if (at > reader->cell_start)
        reader->cell_is_line = FALSE;
      while (n_present < reader->n_newlines && at > 0 && reader->out->str[at - 1] == '\n')
        {
          n_present++;
          at -= at > 1 && reader->out->str[at - 2] == '\r' ? 2 : 1;
        }
      for (; n_present < reader->n_newlines; n_present++)
        {
          if (is_at_line_start (reader))
            append_quote_marks (reader, TRUE);
          g_string_append (reader->out, "\r\n");
        }
      reader->n_newlines = 0;
    }
  else if (reader->has_tab && !is_at_line_start (reader))
    g_string_append_c (reader->out, '\t');
  else if (reader->has_space && !is_at_line_start (reader))
    g_string_append_c (reader->out, ' ');
  reader->has_tab = FALSE;
  reader->has_space = FALSE;
  if (is_at_line_start (reader))
    append_quote_marks (reader, FALSE);
}

static void
break_line (Reader *reader)
{
  if (reader->n_newlines > 0)
    pay_debts (reader);
  reader->has_space = FALSE;
  reader->has_tab = FALSE;
  reader->cell_is_line = FALSE;
  if (is_at_line_start (reader))
    append_quote_marks (reader, TRUE);
  g_string_append (reader->out, "\r\n");
}

static void
read_blank (Reader *reader,
            char    blank)
{
  reader->at++;
  if (reader->n_pre == 0)
    reader->has_space = TRUE;
  else if (blank == '\n')
    break_line (reader);
  else if (blank != '\r')
    {
      pay_debts (reader);
      g_string_append_c (reader->out, blank);
    }
}

static void
read_reference (Reader *reader)
{
  gsize start = reader->out->len;
  gsize n = _imsg_html_append_reference (reader->out, reader->html + reader->at,
                                         reader->length - reader->at, FALSE);

  /* A space that does not break is one all the same to who reads text. */
  if (n > 0 && strcmp (reader->out->str + start, NO_BREAK_SPACE) == 0)
    {
      g_string_truncate (reader->out, start);
      g_string_append_c (reader->out, ' ');
    }
  if (n == 0)
    g_string_append_c (reader->out, '&');
  reader->at += MAX (n, 1);
}

static gboolean
is_at_no_break_space (Reader *reader,
                      gsize   at)
{
  return at + 1 < reader->length && memcmp (reader->html + at, NO_BREAK_SPACE, 2) == 0;
}

static void
read_word (Reader *reader)
{
  const char *html = reader->html;
  gsize end = reader->at;

  while (end < reader->length && html[end] != '<' && html[end] != '&' && html[end] != '\0' &&
         !g_ascii_isspace (html[end]) && !is_at_no_break_space (reader, end))
    end++;
  g_string_append_len (reader->out, html + reader->at, end - reader->at);
  reader->at = end;
  if (is_at_no_break_space (reader, end))
    {
      g_string_append_c (reader->out, ' ');
      reader->at += 2;
    }
}

static void
read_text (Reader *reader)
{
  while (reader->at < reader->length && reader->html[reader->at] != '<')
    {
      char character = reader->html[reader->at];

      if (character == '\0')
        reader->at++;
      else if (g_ascii_isspace (character))
        read_blank (reader, character);
      else
        {
          pay_debts (reader);
          if (character == '&')
            read_reference (reader);
          else
            read_word (reader);
        }
    }
}

/* The place of an element in the table, or -1 */
static int
find_place (const char *name,
            gsize       n_name)
{
  char key[12] = { 0 };
  guint low = 0;
  guint high = G_N_ELEMENTS (elements);

  if (n_name >= sizeof key)
    return -1;
  for (gsize i = 0; i < n_name; i++)
    key[i] = g_ascii_tolower (name[i]);
  while (low < high)
    {
      guint middle = (low + high) / 2;
      int order = memcmp (key, elements[middle].name, sizeof key);

      if (order == 0)
        return middle;
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return -1;
}

static Element
find_element (const char *name,
              gsize       n_name)
{
  int place = find_place (name, n_name);

  return place >= 0 ? elements[place].element : ELEMENT_OTHER;
}

/* The quoted value that begins at the quote: its end, or 0 when it has none. */
static gsize
find_quote_end (Reader *reader,
                gsize   start)
{
  char quote = reader->html[start];
  const char *end;

  if (quote == '"' ? reader->lacks_quote : reader->lacks_apostrophe)
    return 0;
  end = memchr (reader->html + start + 1, quote, reader->length - start - 1);
  if (end != NULL)
    return end - reader->html;
  if (quote == '"')
    reader->lacks_quote = TRUE;
  else
    reader->lacks_apostrophe = TRUE;
  return 0;
}

static void
take_attribute (const char *const  names[MAX_ATTRIBUTES],
                char              *values[MAX_ATTRIBUTES],
                const char        *name,
                gsize              n_name,
                const char        *value,
                gsize              length)
{
  for (guint i = 0; i < MAX_ATTRIBUTES && names[i] != NULL; i++)
    {
      if (values[i] == NULL && strlen (names[i]) == n_name &&
          g_ascii_strncasecmp (name, names[i], n_name) == 0)
        values[i] = _imsg_html_dup_attribute (value, length);
    }
}

/* Goes past the attributes of a tag and its >; takes those that are asked for. */
static void
read_attributes (Reader             *reader,
                 const char *const  *names,
                 char              **values)
{
  while (reader->at < reader->length && reader->html[reader->at] != '>')
    {
      gsize name = reader->at;
      gsize n_name;
      gsize start;
      gsize end;

      while (reader->at < reader->length && !g_ascii_isspace (reader->html[reader->at]) &&
             strchr ("=>/", reader->html[reader->at]) == NULL)
        reader->at++;
      n_name = reader->at - name;
      while (reader->at < reader->length && g_ascii_isspace (reader->html[reader->at]))
        reader->at++;
      if (reader->at == reader->length || reader->html[reader->at] != '=')
        {
          /* A slash, a NUL: nothing that begins a name. */
          if (reader->at == name)
            reader->at++;
          continue;
        }
      reader->at++;
      while (reader->at < reader->length && g_ascii_isspace (reader->html[reader->at]))
        reader->at++;
      if (reader->at == reader->length)
        break;
      start = reader->at;
      end = 0;
      if (reader->html[start] == '"' || reader->html[start] == '\'')
        end = find_quote_end (reader, start);
      if (end > 0)
        {
          start++;
          reader->at = end + 1;
        }
      else
        {
          while (reader->at < reader->length && !g_ascii_isspace (reader->html[reader->at]) &&
                 reader->html[reader->at] != '>')
            reader->at++;
          end = reader->at;
        }
      if (names != NULL)
        take_attribute (names, values, reader->html + name, n_name, reader->html + start,
                        end - start);
    }
  if (reader->at < reader->length)
    reader->at++;
}

/* Where a tag begins that has a name, written with its < and, for an end tag, its slash; NULL when
 * none does. */
static const char *
find_tag (Reader     *reader,
          const char *prefix,
          const char *name,
          gsize       n_name)
{
  gsize n_prefix = strlen (prefix);
  const char *end = reader->html + reader->length;
  const char *at = reader->html + reader->at;

  while ((at = memchr (at, '<', end - at)) != NULL)
    {
      if ((gsize) (end - at) >= n_prefix + n_name && memcmp (at, prefix, n_prefix) == 0 &&
          g_ascii_strncasecmp (at + n_prefix, name, n_name) == 0)
        return at;
      at++;
    }
  return NULL;
}

/* Goes to the end tag of an element whose content is no text. One that nobody ends, as the empty
 * <title/> of XML, does not take the body with it. */
static void
skip_raw (Reader     *reader,
          const char *name,
          gsize       n_name)
{
  guint64 bit = G_GUINT64_CONSTANT (1) << find_place (name, n_name);
  const char *at = NULL;

  if ((reader->lacks_end & bit) == 0)
    at = find_tag (reader, "</", name, n_name);
  if (at == NULL)
    {
      reader->lacks_end |= bit;
      if (!reader->lacks_body)
        at = find_tag (reader, "<", "body", 4);
      reader->lacks_body = at == NULL;
    }
  if (at != NULL)
    reader->at = at - reader->html;
}

static void
skip_comment (Reader *reader)
{
  const char *end = NULL;

  if (!reader->lacks_comment_end)
    end = memmem (reader->html + reader->at, reader->length - reader->at, "-->", 3);
  if (end != NULL)
    {
      reader->at = end + 3 - reader->html;
      return;
    }
  /* One that nobody ends: its > is the best guess. */
  reader->lacks_comment_end = TRUE;
  end = memchr (reader->html + reader->at, '>', reader->length - reader->at);
  reader->at = end != NULL ? (gsize) (end + 1 - reader->html) : reader->length;
}

static void
end_link (Reader *reader)
{
  const char *target = reader->link_target;

  if (target == NULL)
    return;
  if (g_ascii_strncasecmp (target, "mailto:", 7) == 0)
    target += 7;
  if (*target != '\0' && *target != '#' && reader->link_start <= reader->out->len)
    {
      const char *text = reader->out->str + reader->link_start;

      while (g_ascii_isspace (*text))
        text++;
      if (strcmp (text, target) != 0)
        {
          if (*text != '\0')
            g_string_append_printf (reader->out, " <%s>", target);
          else
            {
              pay_debts (reader);
              g_string_append_printf (reader->out, "<%s>", target);
            }
        }
    }
  g_clear_pointer (&reader->link_target, g_free);
}

static void
begin_item (Reader     *reader,
            const char *value)
{
  guint depth = MIN (reader->n_lists, MAX_LISTS);
  guint *counter = depth > 0 ? &reader->list_counters[depth - 1] : NULL;

  reader->mark_end = 0;
  want_newlines (reader, 1);
  pay_debts (reader);
  for (guint i = 1; i < depth; i++)
    g_string_append (reader->out, "    ");
  if (counter != NULL && *counter > 0 && _imsg_html_parse_number (value) > 0)
    *counter = _imsg_html_parse_number (value);
  if (counter != NULL && *counter > 0)
    {
      _imsg_html_append_number (reader->out, reader->list_numberings[depth - 1], (*counter)++);
      g_string_append (reader->out, ". ");
    }
  else
    g_string_append (reader->out, "* ");
  reader->mark_end = reader->out->len;
}

static void
begin_list (Reader            *reader,
            guint              start,
            IMsgHtmlNumbering  numbering)
{
  want_newlines (reader, reader->n_lists == 0 ? 2 : 1);
  if (reader->n_lists < MAX_LISTS)
    {
      reader->list_counters[reader->n_lists] = start;
      reader->list_numberings[reader->n_lists] = numbering;
    }
  reader->n_lists++;
}

static void
begin_quote (Reader   *reader,
             gboolean  is_citation)
{
  want_newlines (reader, 2);
  if (reader->n_quotes < MAX_QUOTES)
    {
      reader->cites &= ~(1u << reader->n_quotes);
      if (is_citation)
        reader->cites |= 1u << reader->n_quotes;
    }
  reader->n_quotes++;
}

/* Cells of a line each stand behind one another, whatever paragraphs they are made of. */
static void
begin_cell (Reader *reader)
{
  if (reader->row_has_cell && reader->cell_is_line && reader->out->len > reader->cell_start)
    reader->n_newlines = 0;
  if (reader->row_has_cell && reader->n_newlines == 0)
    reader->has_tab = TRUE;
  reader->row_has_cell = TRUE;
  reader->cell_is_line = TRUE;
  reader->cell_start = reader->out->len;
}

static void
end_row (Reader *reader)
{
  reader->cell_start = NO_CELL;
  if (reader->cell_is_line)
    reader->n_newlines = MIN (reader->n_newlines, 1);
  reader->cell_is_line = FALSE;
  want_newlines (reader, 1);
}

/* The line end right behind the tag is none of the text. */
static void
begin_pre (Reader *reader)
{
  want_newlines (reader, 2);
  reader->n_pre++;
  if (reader->at < reader->length && reader->html[reader->at] == '\r')
    reader->at++;
  if (reader->at < reader->length && reader->html[reader->at] == '\n')
    reader->at++;
}

/* The attributes that count, up to a NULL */
static const char *const *
get_attribute_names (Element element)
{
  static const char *const of_link[] = { "href", NULL };
  static const char *const of_image[] = { "alt", NULL };
  static const char *const of_item[] = { "value", NULL };
  static const char *const of_list[] = { "start", "type", "style", NULL };
  static const char *const of_quote[MAX_ATTRIBUTES] = { "type", "class", "id", "style" };

  switch (element)
    {
    case ELEMENT_A: return of_link;
    case ELEMENT_IMG: return of_image;
    case ELEMENT_LI: return of_item;
    case ELEMENT_ORDERED_LIST: return of_list;
    case ELEMENT_QUOTE: return of_quote;
    default: return NULL;
    }
}

static void
begin_element (Reader     *reader,
               Element     element,
               const char *name,
               gsize       n_name)
{
  char *values[MAX_ATTRIBUTES] = { NULL };

  read_attributes (reader, get_attribute_names (element), values);
  switch (element)
    {
    case ELEMENT_A:
      end_link (reader);
      reader->link_target = g_steal_pointer (&values[0]);
      reader->link_start = reader->out->len;
      break;
    case ELEMENT_IMG:
      if (values[0] != NULL && *values[0] != '\0')
        {
          pay_debts (reader);
          g_string_append_printf (reader->out, "[%s]", values[0]);
        }
      break;
    case ELEMENT_BLOCK: break_block (reader, 1); break;
    case ELEMENT_PARAGRAPH: break_block (reader, 2); break;
    case ELEMENT_BR: break_line (reader); break;
    case ELEMENT_DD:
      want_newlines (reader, 1);
      pay_debts (reader);
      g_string_append (reader->out, "    ");
      break;
    case ELEMENT_HR:
      want_newlines (reader, 1);
      pay_debts (reader);
      g_string_append (reader->out, "----------------------------------------");
      want_newlines (reader, 1);
      break;
    case ELEMENT_LIST: begin_list (reader, 0, IMSG_HTML_DECIMAL); break;
    case ELEMENT_ORDERED_LIST:
      begin_list (reader, MAX (_imsg_html_parse_number (values[0]), 1),
                  _imsg_html_parse_numbering (values[1], values[2]));
      break;
    case ELEMENT_LI: begin_item (reader, values[0]); break;
    case ELEMENT_ROW:
      end_row (reader);
      reader->row_has_cell = FALSE;
      break;
    case ELEMENT_CELL: begin_cell (reader); break;
    case ELEMENT_PRE: begin_pre (reader); break;
    case ELEMENT_QUOTE:
      begin_quote (reader, _imsg_html_is_citation (values[0], values[1], values[2], values[3]));
      break;
    case ELEMENT_RAW:
      skip_raw (reader, name, n_name);
      break;
    default:
      break;
    }
  for (guint i = 0; i < MAX_ATTRIBUTES; i++)
    g_free (values[i]);
}

static void
end_element (Reader  *reader,
             Element  element)
{
  read_attributes (reader, NULL, NULL);
  if (element == ELEMENT_LI || element == ELEMENT_LIST || element == ELEMENT_ORDERED_LIST)
    reader->mark_end = 0;
  switch (element)
    {
    case ELEMENT_A: end_link (reader); break;
    case ELEMENT_BR: break_line (reader); break;
    case ELEMENT_ROW: end_row (reader); break;
    case ELEMENT_BLOCK: break_block (reader, 1); break;
    case ELEMENT_PARAGRAPH: break_block (reader, 2); break;
    case ELEMENT_LI:
    case ELEMENT_DD:
      want_newlines (reader, 1);
      break;
    case ELEMENT_LIST:
    case ELEMENT_ORDERED_LIST:
      if (reader->n_lists > 0)
        reader->n_lists--;
      want_newlines (reader, reader->n_lists == 0 ? 2 : 1);
      break;
    case ELEMENT_PRE:
      if (reader->n_pre > 0)
        reader->n_pre--;
      want_newlines (reader, 2);
      break;
    case ELEMENT_QUOTE:
      if (reader->n_quotes > 0)
        reader->n_quotes--;
      want_newlines (reader, 2);
      break;
    default:
      break;
    }
}

static void
read_markup (Reader *reader)
{
  const char *at = reader->html + reader->at;
  gsize left = reader->length - reader->at;
  gboolean is_end = left > 1 && at[1] == '/';
  const char *name = at + (is_end ? 2 : 1);
  gsize n_name = 0;

  if (left >= 4 && memcmp (at, "<!--", 4) == 0)
    {
      /* <!--> is one too, and empty */
      reader->at += 2;
      skip_comment (reader);
      return;
    }
  if (left > 1 && (at[1] == '!' || at[1] == '?'))
    {
      const char *end = memchr (at, '>', left);

      reader->at = end != NULL ? (gsize) (end + 1 - reader->html) : reader->length;
      return;
    }
  if (name >= at + left || !g_ascii_isalpha (*name))
    {
      pay_debts (reader);
      g_string_append_c (reader->out, '<');
      reader->at++;
      return;
    }
  while (name + n_name < at + left && !g_ascii_isspace (name[n_name]) && name[n_name] != '>' &&
         name[n_name] != '/')
    n_name++;
  reader->at = name + n_name - reader->html;
  if (is_end)
    end_element (reader, find_element (name, n_name));
  else
    begin_element (reader, find_element (name, n_name), name, n_name);
}

char *
_imsg_html_to_text (const char *html,
                    gsize       length,
                    gsize       max_bytes,
                    gsize      *length_out,
                    GPtrArray  *problems)
{
  Reader reader = { 0 };

  reader.html = html;
  reader.length = length;
  reader.cell_start = NO_CELL;
  reader.out = g_string_sized_new (length / 3 + 64);
  while (reader.at < length && reader.out->len <= max_bytes)
    {
      if (html[reader.at] == '<')
        read_markup (&reader);
      else
        read_text (&reader);
    }
  if (reader.at < length)
    _imsg_body_tell_cut (problems, "PR_HTML", max_bytes);
  end_link (&reader);
  if (reader.out->len > 0 && !is_at_line_start (&reader))
    g_string_append (reader.out, "\r\n");
  *length_out = reader.out->len;
  return g_string_free (reader.out, FALSE);
}
