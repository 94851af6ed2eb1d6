/* imsg-mime-enriched.c - text/enriched (RFC 1896) and text/richtext (RFC 1341) as HTML
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-mime-import-private.h"

/* Commands inside one another; deeper ones change nothing. */
#define MAX_DEPTH 64

/* A command or its parameter that is longer is text. */
#define MAX_COMMAND 60
#define MAX_PARAMETER 256

typedef struct
{
  const char *name;
  const char *begin; /* one %s is the parameter */
  const char *end;
} Command;

static const Command commands[] = {
  { "bold", "<b>", "</b>" },
  { "italic", "<i>", "</i>" },
  { "underline", "<u>", "</u>" },
  { "fixed", "<tt>", "</tt>" },
  { "smaller", "<small>", "</small>" },
  { "bigger", "<big>", "</big>" },
  { "fontfamily", "<span style=\"font-family:%s\">", "</span>" },
  { "color", "<span style=\"color:%s\">", "</span>" },
  { "center", "<div style=\"text-align:center\">", "</div>" },
  { "flushleft", "<div style=\"text-align:left\">", "</div>" },
  { "flushright", "<div style=\"text-align:right\">", "</div>" },
  { "flushboth", "<div style=\"text-align:justify\">", "</div>" },
  { "paraindent", "<blockquote>", "</blockquote>" },
  { "indent", "<blockquote>", "</blockquote>" },
  { "excerpt", "<blockquote>", "</blockquote>" },
  { "subscript", "<sub>", "</sub>" },
  { "superscript", "<sup>", "</sup>" },
  { "paragraph", "<p>", "</p>" },
  { "nofill", "", "" },
};

typedef struct
{
  GString       *html;
  const Command *open[MAX_DEPTH];
  guint          depth;
  guint          n_nofill;
  gboolean       is_richtext;
} Writer;

/* A colour is a name, or three numbers of 16 bits; a font is a name. Nothing else gets into a
 * style. */
static char *
clean_parameter (const char *parameter,
                 gsize       length)
{
  GString *clean = g_string_new (NULL);
  guint red, green, blue;
  g_autofree char *text = g_strndup (parameter, length);

  if (sscanf (text, " %4x , %4x , %4x", &red, &green, &blue) == 3)
    g_string_printf (clean, "#%02x%02x%02x", red >> 8 & 0xFF, green >> 8 & 0xFF, blue >> 8 & 0xFF);
  else
    for (const char *c = text; *c != '\0'; c++)
      if (g_ascii_isalnum (*c) || *c == ' ' || *c == '-')
        g_string_append_c (clean, *c);
  return g_string_free (clean, FALSE);
}

static const Command *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_ascii_strcasecmp (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

static void
close_last (Writer *writer)
{
  const Command *command = writer->open[--writer->depth];

  g_string_append (writer->html, command->end);
  if (*command->begin == '\0')
    writer->n_nofill--;
}

/* Closes a command, and those that were opened inside it. */
static void
close_command (Writer        *writer,
               const Command *command)
{
  guint depth = writer->depth;

  while (depth > 0 && writer->open[depth - 1] != command)
    depth--;
  while (depth > 0 && writer->depth >= depth)
    close_last (writer);
}

static void
open_command (Writer        *writer,
              const Command *command,
              const char    *parameter,
              gsize          length)
{
  const char *place = strstr (command->begin, "%s");

  if (writer->depth == MAX_DEPTH)
    return;
  writer->open[writer->depth++] = command;
  if (place != NULL)
    {
      g_autofree char *clean = clean_parameter (parameter, length);

      g_string_append_len (writer->html, command->begin, place - command->begin);
      g_string_append (writer->html, *clean != '\0' ? clean : "inherit");
      g_string_append (writer->html, place + 2);
    }
  else
    g_string_append (writer->html, command->begin);
  if (*command->begin == '\0')
    writer->n_nofill++;
}

/* "<param>…</param>" right behind a command; returns what follows. */
static const char *
take_parameter (const char  *text,
                const char **parameter,
                gsize       *length)
{
  const char *end;

  *parameter = "";
  *length = 0;
  if (g_ascii_strncasecmp (text, "<param>", 7) != 0)
    return text;
  for (end = text + 7; *end != '\0' && end - text < MAX_PARAMETER; end++)
    if (*end == '<' && g_ascii_strncasecmp (end, "</param>", 8) == 0)
      {
        *parameter = text + 7;
        *length = (gsize) (end - text - 7);
        return end + 8;
      }
  return text;
}

/* "<name>" or "</name>"; NULL when it is none. */
static const char *
write_command (Writer     *writer,
               const char *text)
{
  gboolean is_end = text[1] == '/';
  const char *start = text + 1 + is_end;
  gsize length = strcspn (start, "<> \t\r\n");
  g_autofree char *name = NULL;
  const Command *command;
  const char *parameter;
  gsize n_parameter;

  if (length == 0 || length > MAX_COMMAND || start[length] != '>')
    return NULL;
  name = g_strndup (start, length);
  command = find_command (name);
  text = start + length + 1;
  if (writer->is_richtext && !is_end && g_ascii_strcasecmp (name, "nl") == 0)
    g_string_append (writer->html, "<br>\r\n");
  else if (writer->is_richtext && !is_end && g_ascii_strcasecmp (name, "lt") == 0)
    g_string_append (writer->html, "&lt;");
  else if (is_end && command != NULL)
    close_command (writer, command);
  else if (!is_end)
    {
      /* that of a command nobody knows is no text either */
      text = take_parameter (text, &parameter, &n_parameter);
      if (command != NULL)
        open_command (writer, command, parameter, n_parameter);
    }
  return text;
}

/* One line end is a blank, more of them are one less; where lines are not filled all count. */
static const char *
write_line_ends (Writer     *writer,
                 const char *text)
{
  guint n_lines = 0;

  for (; *text == '\r' || *text == '\n'; text++)
    n_lines += *text == '\n';
  if (writer->n_nofill == 0)
    {
      if (n_lines == 1 || writer->is_richtext)
        g_string_append_c (writer->html, ' ');
      n_lines = writer->is_richtext || n_lines == 0 ? 0 : n_lines - 1;
    }
  for (guint i = 0; i < n_lines; i++)
    g_string_append (writer->html, "<br>\r\n");
  return text;
}

char *
_imsg_mime_enriched_to_html (const char *text,
                             gboolean    is_richtext)
{
  Writer writer = { .html = g_string_new (NULL), .is_richtext = is_richtext };
  char previous = ' ';

  g_string_append (writer.html, "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; "
                                "charset=utf-8\"></head><body>\r\n");
  while (*text != '\0')
    {
      const char *behind = NULL;

      if (*text == '\r' || *text == '\n')
        {
          text = write_line_ends (&writer, text);
          previous = ' ';
          continue;
        }
      if (text[0] == '<' && text[1] == '<' && !is_richtext)
        {
          g_string_append (writer.html, "&lt;");
          text++;
        }
      else if (*text == '<' && (behind = write_command (&writer, text)) != NULL)
        {
          text = behind;
          continue;
        }
      else if (*text == '<')
        g_string_append (writer.html, "&lt;");
      else if (*text == '>')
        g_string_append (writer.html, "&gt;");
      else if (*text == '&')
        g_string_append (writer.html, "&amp;");
      else if (*text == ' ' && previous == ' ')
        g_string_append (writer.html, "&nbsp;");
      else
        g_string_append_c (writer.html, *text);
      previous = *text++;
    }
  while (writer.depth > 0)
    close_last (&writer);
  g_string_append (writer.html, "\r\n</body></html>\r\n");
  return g_string_free (writer.html, FALSE);
}
