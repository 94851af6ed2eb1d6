/* imsg-icalendar-import-old.c - vCalendar 1.0, as Outlook and telephones wrote it, as iCalendar
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-content-lines-private.h"
#include "imsg-icalendar-import-private.h"

static gboolean
is_old (const char *data,
        gsize       n_bytes)
{
  static const char version[] = "VERSION:1.0";
  const char *at = data;

  while ((at = g_strstr_len (at, (gssize) (n_bytes - (gsize) (at - data)), version)) != NULL)
    {
      if (at > data && (at[-1] == '\n' || at[-1] == '\r'))
        return TRUE;
      at += strlen (version);
    }
  return FALSE;
}

/* What lists several values does so with semicolons there. */
static gboolean
is_list (const char *name)
{
  return strcmp (name, "CATEGORIES") == 0 || strcmp (name, "EXDATE") == 0;
}

/* --- rules of recurrence: "W2 MO FR #10" --- */

/* What a rule begins with, before its interval, and what the words behind it are. */
static const struct
{
  const char *kind;
  const char *frequency;
  const char *list; /* nullable */
} rules[] = {
  { "MP", "MONTHLY", "BYDAY" }, { "MD", "MONTHLY", "BYMONTHDAY" }, { "YM", "YEARLY", "BYMONTH" },
  { "YD", "YEARLY", "BYYEARDAY" }, { "W", "WEEKLY", "BYDAY" }, { "D", "DAILY", NULL },
};

static gboolean
is_number (const char *word)
{
  return *word != '\0' && strspn (word, "0123456789") == strlen (word);
}

static gboolean
is_weekday (const char *word)
{
  static const char *const days[] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA", NULL };

  return g_strv_contains (days, word);
}

/* "2+" is the second, "1-" the last, "LD" the last day: "2", "-1". NULL for what is no position. */
static char *
read_position (const char *word)
{
  gsize length = strlen (word);
  g_autofree char *number = NULL;

  if (strcmp (word, "LD") == 0)
    return g_strdup ("-1");
  number = g_strndup (word, strspn (word, "0123456789"));
  if (*number == '\0' || strlen (number) + 1 < length)
    return NULL;
  if (word[length - 1] == '-')
    return g_strconcat ("-", number, NULL);
  return word[length - 1] == '+' || is_number (word) ? g_steal_pointer (&number) : NULL;
}

/* One word of the list; the position that stands before weekdays is kept for them. */
static gboolean
append_word (GString     *list,
             const char  *kind,
             const char  *word,
             char       **position)
{
  gboolean is_day = is_weekday (word);
  g_autofree char *own = !is_day ? read_position (word) : NULL;

  if (strcmp (kind, "MP") == 0 && own != NULL)
    {
      g_free (*position);
      *position = g_steal_pointer (&own);
      return TRUE;
    }
  if (strcmp (kind, "MP") == 0 || strcmp (kind, "W") == 0 ? !is_day : own == NULL)
    return FALSE;
  if (strcmp (kind, "MP") == 0 && *position == NULL)
    return FALSE;
  g_string_append_printf (list, "%s%s%s", list->len > 0 ? "," : "",
                          *position != NULL ? *position : "", is_day ? word : own);
  return TRUE;
}

/* "19980101T000000Z", or the day of it */
static gboolean
is_time (const char *word)
{
  return strlen (word) >= 8 && strspn (word, "0123456789") >= 8 &&
         strspn (word, "0123456789TZ") == strlen (word);
}

/* NULL for a rule that is of another kind, such as one that comes about several times a day. */
static char *
convert_rule (const char *value)
{
  g_auto(GStrv) words = g_strsplit (value, " ", -1);
  g_autoptr(GString) list = g_string_new (NULL);
  g_autofree char *position = NULL;
  GString *rule;
  const char *end_name = "COUNT";
  const char *end = "2"; /* where nothing is said */
  guint i = 0;

  while (i < G_N_ELEMENTS (rules) && (words[0] == NULL || !g_str_has_prefix (words[0], rules[i].kind)))
    i++;
  if (i == G_N_ELEMENTS (rules) || !is_number (words[0] + strlen (rules[i].kind)))
    return NULL;
  for (char **word = words + 1; *word != NULL; word++)
    if (**word == '#' && is_number (*word + 1))
      {
        end_name = "COUNT";
        end = *word + 1;
      }
    else if (is_time (*word))
      {
        end_name = "UNTIL";
        end = *word;
      }
    else if (**word != '\0' &&
             (rules[i].list == NULL || !append_word (list, rules[i].kind, *word, &position)))
      return NULL;
  rule = g_string_new (NULL);
  g_string_printf (rule, "FREQ=%s;INTERVAL=%s", rules[i].frequency,
                   words[0] + strlen (rules[i].kind));
  if (list->len > 0)
    g_string_append_printf (rule, ";%s=%s", rules[i].list, list->str);
  /* "#0" goes on for ever */
  if (strspn (end, "0") < strlen (end))
    g_string_append_printf (rule, ";%s=%s", end_name, end);
  return g_string_free (rule, FALSE);
}

/* --- lines --- */

/* When it rings, in UTC; snoozing, repeating and what it says stay behind. */
static gboolean
append_alarm (GString               *text,
              const IMsgContentLine *line)
{
  g_autofree char *time = g_strndup (line->value, strcspn (line->value, ";"));

  if (!is_time (time) || !g_str_has_suffix (time, "Z"))
    return FALSE;
  g_string_append_printf (text, "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER;VALUE=DATE-TIME:%s\n"
                                "END:VALARM\n", time);
  return TRUE;
}

/* "Ann Lee <ann@example.org>", where iCalendar has an address and a name beside it */
static gboolean
append_person (GString               *text,
               const IMsgContentLine *line)
{
  static const char *const statuses[] = { "ACCEPTED", "DECLINED", "TENTATIVE", NULL };
  const char *open = strrchr (line->value, '<');
  const char *status = _imsg_content_line_get_parameter (line, "STATUS");
  gboolean is_organizer =
    g_strcmp0 (_imsg_content_line_get_parameter (line, "ROLE"), "ORGANIZER") == 0;
  g_autofree char *name = NULL;
  g_autofree char *address = NULL;

  if (open == NULL || strchr (open, '>') == NULL || strchr (open, '@') == NULL)
    return FALSE;
  name = g_strndup (line->value, open - line->value);
  address = g_strndup (open + 1, strcspn (open + 1, ">"));
  g_strstrip (g_strdelimit (name, "\"\r\n", ' '));
  g_strdelimit (address, "\r\n", ' ');
  g_string_append (text, is_organizer ? "ORGANIZER" : "ATTENDEE");
  if (*name != '\0')
    g_string_append_printf (text, ";CN=\"%s\"", name);
  if (status != NULL && g_strv_contains (statuses, status))
    g_string_append_printf (text, ";PARTSTAT=%s", status);
  g_string_append_printf (text, ":mailto:%s\n", address);
  return TRUE;
}

static void
append_line (GString               *text,
             const IMsgContentLine *line)
{
  const char *encoding = _imsg_content_line_get_parameter (line, "ENCODING");
  g_autofree char *rule = strcmp (line->name, "RRULE") == 0 ? convert_rule (line->value) : NULL;
  gboolean is_alarm = strcmp (line->name, "AALARM") == 0 || strcmp (line->name, "DALARM") == 0;

  if ((is_alarm && append_alarm (text, line)) ||
      (strcmp (line->name, "ATTENDEE") == 0 && append_person (text, line)))
    return;
  g_string_append (text, line->name);
  if (encoding != NULL && g_ascii_strcasecmp (encoding, "BASE64") == 0)
    g_string_append (text, ";VALUE=BINARY;ENCODING=BASE64");
  g_string_append_c (text, ':');
  for (const char *c = rule != NULL ? rule : line->value; *c != '\0'; c++)
    if (*c == '\n')
      g_string_append (text, "\\n");
    else if (*c != '\r')
      g_string_append_c (text, *c == ';' && is_list (line->name) ? ',' : *c);
  g_string_append_c (text, '\n');
}

GBytes *
_imsg_calendar_modernize (GBytes *bytes)
{
  gsize n_bytes = 0;
  const char *data = g_bytes_get_data (bytes, &n_bytes);
  g_autoptr(GPtrArray) lines = NULL;
  GString *text;
  gsize length;

  if (n_bytes == 0 || !is_old (data, n_bytes))
    return g_bytes_ref (bytes);
  lines = _imsg_content_lines_parse (bytes);
  text = g_string_sized_new (n_bytes);
  for (guint i = 0; i < lines->len; i++)
    append_line (text, g_ptr_array_index (lines, i));
  length = text->len;
  return g_bytes_new_take (g_string_free (text, FALSE), length);
}
