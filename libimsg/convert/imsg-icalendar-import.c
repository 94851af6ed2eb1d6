/* imsg-icalendar-import.c - calendars as messages ([MS-OXCICAL] 2.1.3)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-content-lines-private.h"
#include "imsg-icalendar-import-private.h"
#include "imsg-icalendar-private.h"
#include "imsg-limits-private.h"
#include "imsg-message-private.h"
#include "imsg-property-tags.h"
#include "imsg-session-private.h"

#include <glib/gi18n-lib.h>

/* A calendar in a stream of them: an event, and an alarm in that, with room to spare. */
#define MAX_CALENDAR_DEPTH 8

/* Up to when libical writes out the changes of a zone, and how many years of all rules together */
#define LAST_ZONE_YEAR 2037
#define MAX_ZONE_YEARS (IMSG_MAX_ZONE_RULES * (LAST_ZONE_YEAR - 1601))

void
_imsg_calendar_import_add_loss (IMsgCalendarImport *import,
                                const char         *where,
                                const char         *format,
                                ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  import->n_losses++;
  _imsg_message_add_problem (import->message,
                             _imsg_problem_new (where != NULL ? where : "VCALENDAR",
                                                IMSG_ERROR_NO_SUPPORT, "%s", text));
}

/* --- before libical works with it --- */

/* A line of that name as libical reads one: blanks behind the name are none of it. */
static gboolean
has_name (const char *line,
          const char *name)
{
  const char *end = line + strlen (name);

  if (g_ascii_strncasecmp (line, name, strlen (name)) != 0)
    return FALSE;
  while (*end != '\n' && g_ascii_isspace (*end))
    end++;
  return *end == ':' || *end == ';';
}

static gsize
get_name_length (const char *name)
{
  gsize length = strcspn (name, "\r\n");

  while (length > 0 && g_ascii_isspace (name[length - 1]))
    length--;
  return length;
}

static gboolean
is_same_name (const char *a,
              const char *b)
{
  gsize length = get_name_length (a);

  return length == get_name_length (b) && g_ascii_strncasecmp (a, b, length) == 0;
}

/* The components that are open at a line of a text */
typedef struct
{
  const char *names[MAX_CALENDAR_DEPTH];
  guint       depth;
  GString    *text; /* with what was missing */
  gboolean    is_mended;
} Balance;

static void
end_components (Balance *self,
                guint    depth)
{
  if (self->depth > depth && self->text->len > 0 && self->text->str[self->text->len - 1] != '\n')
    g_string_append_c (self->text, '\n');
  for (; self->depth > depth; self->is_mended = TRUE)
    {
      const char *name = self->names[--self->depth];

      g_string_append_printf (self->text, "END:%.*s\n", (int) get_name_length (name), name);
    }
}

/* Which of the open components ends with a name, counted from 1; 0 for none. */
static guint
find_open (const Balance *self,
           const char    *name)
{
  guint i = self->depth;

  while (i > 0 && !is_same_name (self->names[i - 1], name))
    i--;
  return i;
}

/* libical frees components by recursion and writes to the log when one ends that never began. Those
 * that are open where one around them ends, another calendar begins or a text was cut are ended, an end
 * of what is not open is left out; NULL for what is no text of components. */
static char *
balance (const char *text,
         gboolean   *is_cut)
{
  g_autoptr(GString) balanced = g_string_sized_new (strlen (text));
  Balance self = { .text = balanced };
  const char *next;

  for (const char *line = text; *line != '\0'; line = next)
    {
      const char *value = line + strcspn (line, ":\n");
      gboolean begins = has_name (line, "BEGIN");
      gboolean ends = has_name (line, "END");
      guint found = 0;

      next = *value == ':' ? strchr (value, '\n') : value;
      next = next == NULL ? line + strlen (line) : next + (*next == '\n');
      if ((begins || ends) && *value != ':')
        return NULL;
      if (begins && is_same_name (value + 1, "VCALENDAR"))
        end_components (&self, 0);
      if (begins && self.depth == MAX_CALENDAR_DEPTH)
        return NULL;
      if (ends)
        found = find_open (&self, value + 1);
      if (ends && found == 0)
        {
          self.is_mended = TRUE;
          continue;
        }
      if (begins)
        self.names[self.depth++] = value + 1;
      else if (ends)
        {
          end_components (&self, found);
          self.depth--;
        }
      g_string_append_len (self.text, line, next - line);
    }
  end_components (&self, 0);
  *is_cut = self.is_mended;
  return g_string_free (g_steal_pointer (&balanced), FALSE);
}

static guint
count_values (const short *list,
              guint        size)
{
  guint n = 0;

  while (n < size && list[n] != ICAL_RECURRENCE_ARRAY_MAX)
    n++;
  return n;
}

/* One day of one month, or a weekday among seven days of it ("Sunday on or after the 8th") */
static gboolean
is_yearly (icalproperty *property)
{
  struct icalrecurrencetype rule = icalproperty_get_rrule (property);
  guint n_months = count_values (rule.by_month, ICAL_BY_MONTH_SIZE);
  guint n_month_days = count_values (rule.by_month_day, ICAL_BY_MONTHDAY_SIZE);
  guint n_days = count_values (rule.by_day, ICAL_BY_DAY_SIZE);
  gboolean has_position = n_days == 1 && icalrecurrencetype_day_position (rule.by_day[0]) != 0;

  return rule.freq == ICAL_YEARLY_RECURRENCE &&
         rule.by_second[0] == ICAL_RECURRENCE_ARRAY_MAX &&
         rule.by_minute[0] == ICAL_RECURRENCE_ARRAY_MAX &&
         rule.by_hour[0] == ICAL_RECURRENCE_ARRAY_MAX &&
         rule.by_year_day[0] == ICAL_RECURRENCE_ARRAY_MAX &&
         rule.by_week_no[0] == ICAL_RECURRENCE_ARRAY_MAX &&
         n_months <= 1 && n_days <= 1 && n_month_days <= (n_days == 1 ? 7 : 1) &&
         (n_months == 1 || n_month_days == 0) && (n_days == 0 || has_position || n_month_days > 0);
}

/* libical writes out each change a zone ever had: only rules that come about once a year, and few
 * of them (fewer when they begin with the years of Rome), or one made up could keep it for hours. */
static gboolean
has_harmless_zones (icalcomponent *calendar)
{
  guint n_rules = 0;
  guint n_years = 0;

  for (icalcomponent *zone =
         icalcomponent_get_first_component (calendar, ICAL_VTIMEZONE_COMPONENT);
       zone != NULL;
       zone = icalcomponent_get_next_component (calendar, ICAL_VTIMEZONE_COMPONENT))
    for (icalcomponent *part = icalcomponent_get_first_component (zone, ICAL_ANY_COMPONENT);
         part != NULL; part = icalcomponent_get_next_component (zone, ICAL_ANY_COMPONENT))
      {
        int first_year = CLAMP (icalcomponent_get_dtstart (part).year, 0, LAST_ZONE_YEAR);

        for (icalproperty *rule = icalcomponent_get_first_property (part, ICAL_RRULE_PROPERTY);
             rule != NULL; rule = icalcomponent_get_next_property (part, ICAL_RRULE_PROPERTY))
          {
            n_years += (guint) (LAST_ZONE_YEAR - first_year);
            if (++n_rules > IMSG_MAX_ZONE_RULES || n_years > MAX_ZONE_YEARS || !is_yearly (rule))
              return FALSE;
          }
      }
  return TRUE;
}

/* What libical takes for something else: of a backslash before a character of several bytes it
 * makes what is no UTF-8, a byte order mark before a line it reads as a part of its name, and lines
 * that end with CR only as one. */
static char *
clean (const char *text)
{
  GString *cleaned = g_string_sized_new (strlen (text));

  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '\\' && (guchar) c[1] >= 0x80)
        continue;
      if ((c == text || c[-1] == '\n') && g_str_has_prefix (c, "\xEF\xBB\xBF"))
        {
          c += 2;
          continue;
        }
      if (*c == '\r')
        {
          if (c[1] != '\n')
            g_string_append_c (cleaned, '\n');
          continue;
        }
      g_string_append_c (cleaned, *c);
      /* what is escaped is no escape */
      if (*c == '\\' && c[1] != '\0' && c[1] != '\r')
        g_string_append_c (cleaned, *++c);
    }
  return g_string_free (cleaned, FALSE);
}

typedef struct
{
  const char *at;
  const char *line_end; /* nullable: of the line at hand, when that is known */
} LineReader;

/* libical asks for a line in small pieces; its own reader looks for the line's end for each. */
static char *
read_piece (char   *piece,
            size_t  size,
            void   *data)
{
  LineReader *reader = data;
  gsize n_bytes;

  if (*reader->at == '\0')
    return NULL;
  if (reader->line_end == NULL)
    {
      const char *end = strchr (reader->at, '\n');

      reader->line_end = end != NULL ? end + 1 : reader->at + strlen (reader->at);
    }
  n_bytes = MIN (size - 1, (gsize) (reader->line_end - reader->at));
  memcpy (piece, reader->at, n_bytes);
  piece[n_bytes] = '\0';
  reader->at += n_bytes;
  if (reader->at == reader->line_end)
    reader->line_end = NULL;
  return piece;
}

/* Folds may have come out of the decoding of text that was read; what is checked has none. */
static icalcomponent *
parse (const char *text,
       gboolean   *is_cut)
{
  g_autoptr(GBytes) folded = g_bytes_new_static (text, strlen (text) + 1);
  g_autoptr(GBytes) unfolded = NULL;
  g_autofree char *cleaned = NULL;
  g_autofree char *balanced = NULL;
  LineReader reader = { NULL };
  icalparser *parser;
  icalcomponent *root;

  if (strlen (text) > IMSG_MAX_CALENDAR_BYTES)
    return NULL;
  unfolded = _imsg_content_lines_unfold (folded);
  cleaned = clean (g_bytes_get_data (unfolded, NULL));
  balanced = balance (cleaned, is_cut);
  if (balanced == NULL)
    return NULL;
  reader.at = balanced;
  parser = icalparser_new ();
  icalparser_set_gen_data (parser, &reader);
  root = icalparser_parse (parser, read_piece);
  icalparser_free (parser);
  return root;
}

/* --- items --- */

static void
item_free (gpointer data)
{
  IMsgCalendarItem *item = data;

  g_ptr_array_unref (item->occurrences);
  g_free (item);
}

static IMsgCalendarItem *
add_item (GPtrArray     *items,
          icalcomponent *component,
          guint          position)
{
  IMsgCalendarItem *item = g_new0 (IMsgCalendarItem, 1);

  item->main = component;
  item->position = position;
  item->occurrences = g_ptr_array_new ();
  g_ptr_array_add (items, item);
  return item;
}

static char *
get_key (icalcomponent *component)
{
  const char *uid = icalcomponent_get_uid (component);

  return uid != NULL && *uid != '\0'
           ? g_strdup_printf ("%d %s", (int) icalcomponent_isa (component), uid)
           : NULL;
}

static gboolean
is_item (icalcomponent *component)
{
  switch ((int) icalcomponent_isa (component))
    {
    case ICAL_VEVENT_COMPONENT:
    case ICAL_VTODO_COMPONENT:
    case ICAL_VJOURNAL_COMPONENT:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_occurrence (icalcomponent *component)
{
  return icalcomponent_get_first_property (component, ICAL_RECURRENCEID_PROPERTY) != NULL;
}

static int
compare_positions (gconstpointer a,
                   gconstpointer b)
{
  guint first = (*(const IMsgCalendarItem *const *) a)->position;
  guint second = (*(const IMsgCalendarItem *const *) b)->position;

  return first < second ? -1 : first > second;
}

static int
get_sequence (icalcomponent *component)
{
  icalproperty *sequence = icalcomponent_get_first_property (component, ICAL_SEQUENCE_PROPERTY);

  return sequence != NULL ? icalproperty_get_sequence (sequence) : 0;
}

/* Of two versions of one occurrence the newer counts (RFC 5546 2.1.5): it comes first. */
static int
compare_versions (gconstpointer a,
                  gconstpointer b)
{
  icalcomponent *first = *(icalcomponent *const *) a;
  icalcomponent *second = *(icalcomponent *const *) b;
  int difference = get_sequence (second) - get_sequence (first);

  return difference != 0 ? difference
                         : icaltime_compare (icalcomponent_get_dtstamp (second),
                                             icalcomponent_get_dtstamp (first));
}

/* Components of one UID are one item, as far as the series itself is there. */
static GPtrArray *
list_items (icalcomponent *calendar)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (item_free);
  g_autoptr(GHashTable) series = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  icalcomponent *component;
  guint position = 0;

  for (component = icalcomponent_get_first_component (calendar, ICAL_ANY_COMPONENT);
       component != NULL;
       component = icalcomponent_get_next_component (calendar, ICAL_ANY_COMPONENT), position++)
    {
      char *key = is_item (component) && !is_occurrence (component) ? get_key (component) : NULL;

      if (!is_item (component) || is_occurrence (component))
        continue;
      if (key != NULL && !g_hash_table_contains (series, key))
        g_hash_table_insert (series, key, add_item (items, component, position));
      else
        {
          add_item (items, component, position);
          g_free (key);
        }
    }
  position = 0;
  for (component = icalcomponent_get_first_component (calendar, ICAL_ANY_COMPONENT);
       component != NULL;
       component = icalcomponent_get_next_component (calendar, ICAL_ANY_COMPONENT), position++)
    if (is_item (component) && is_occurrence (component))
      {
        g_autofree char *key = get_key (component);
        IMsgCalendarItem *item = key != NULL ? g_hash_table_lookup (series, key) : NULL;

        if (item != NULL)
          g_ptr_array_add (item->occurrences, component);
        else
          add_item (items, component, position);
      }
  g_ptr_array_sort (items, compare_positions);
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_sort (((IMsgCalendarItem *) items->pdata[i])->occurrences, compare_versions);
  return items;
}

/* The message class of an item; NULL for what is sent for something that no message does. */
static const char *
choose_class (icalproperty_method     method,
              const IMsgCalendarItem *item)
{
  if (icalcomponent_isa (item->main) == ICAL_VEVENT_COMPONENT)
    return _imsg_calendar_choose_event_class (method, item->main);
  if (method != ICAL_METHOD_NONE && method != ICAL_METHOD_PUBLISH)
    return NULL;
  return icalcomponent_isa (item->main) == ICAL_VTODO_COMPONENT ? "IPM.Task" : "IPM.Activity";
}

static gboolean
import_item (IMsgCalendarImport     *import,
             const IMsgCalendarItem *item,
             const char             *message_class,
             GError                **error)
{
  switch ((int) icalcomponent_isa (item->main))
    {
    case ICAL_VTODO_COMPONENT:
      return _imsg_calendar_import_task (import, item, error);
    case ICAL_VJOURNAL_COMPONENT:
      return _imsg_calendar_import_journal (import, item, error);
    default:
      return _imsg_calendar_import_event (import, item, message_class, error);
    }
}

static const char *
find_only_zone (icalcomponent *calendar)
{
  icalcomponent *zone = icalcomponent_get_first_component (calendar, ICAL_VTIMEZONE_COMPONENT);
  icalproperty *id = zone != NULL ? icalcomponent_get_first_property (zone, ICAL_TZID_PROPERTY)
                                  : NULL;

  return id != NULL &&
                 icalcomponent_get_next_component (calendar, ICAL_VTIMEZONE_COMPONENT) == NULL
           ? icalproperty_get_tzid (id)
           : NULL;
}

/* A time of no zone is one of wherever the reader is; many calendars say where that is, and those
 * that define one zone mean it when they name a day. */
static IMsgCalendarImport
begin (icalcomponent *calendar,
       GCancellable  *cancellable)
{
  IMsgCalendarImport import = { 0 };

  import.calendar = calendar;
  import.method = icalcomponent_get_method (calendar);
  import.zones = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, _imsg_calendar_zone_free);
  import.own_zone = _imsg_calendar_import_find_x (calendar, "X-WR-TIMEZONE");
  import.only_zone = find_only_zone (calendar);
  import.cancellable = cancellable;
  return import;
}

gboolean
_imsg_calendar_import (IMsgMessage  *message,
                       const char   *text,
                       const char   *method,
                       gboolean     *is_whole,
                       GError      **error)
{
  icalcomponent *calendar = NULL;
  gboolean is_done = TRUE;
  gboolean is_cut = FALSE;

  *is_whole = FALSE;
  calendar = parse (text, &is_cut);
  if (calendar == NULL)
    return TRUE;
  if (icalcomponent_isa (calendar) == ICAL_VCALENDAR_COMPONENT && has_harmless_zones (calendar))
    {
      g_autoptr(GPtrArray) items = list_items (calendar);
      IMsgCalendarImport import = begin (calendar, NULL);
      const IMsgCalendarItem *item = items->len > 0 ? g_ptr_array_index (items, 0) : NULL;
      const char *message_class;

      import.message = message;
      if (import.method == ICAL_METHOD_NONE && method != NULL)
        import.method = icalproperty_string_to_method (method);
      message_class = item != NULL ? choose_class (import.method, item) : NULL;
      if (message_class != NULL)
        is_done = import_item (&import, item, message_class, error);
      if (is_cut)
        _imsg_calendar_import_add_loss (&import, "VCALENDAR", _("The end is missing"));
      if (items->len > 1)
        _imsg_calendar_import_add_loss (&import, "VCALENDAR",
                                        g_dngettext (GETTEXT_PACKAGE,
                                                     "Of %u item one becomes the message",
                                                     "Of %u items one becomes the message",
                                                     items->len),
                                        items->len);
      *is_whole = message_class != NULL && import.n_losses == 0;
      g_hash_table_unref (import.zones);
    }
  icalcomponent_free (calendar);
  return is_done;
}

/* --- calendars on their own --- */

static gboolean
import_calendar (IMsgSession   *session,
                 icalcomponent *calendar,
                 GPtrArray     *messages,
                 GCancellable  *cancellable,
                 GError       **error)
{
  g_autoptr(GPtrArray) items = list_items (calendar);
  IMsgCalendarImport import = begin (calendar, cancellable);
  gboolean is_done = TRUE;

  for (guint i = 0; i < items->len && is_done; i++)
    {
      const IMsgCalendarItem *item = g_ptr_array_index (items, i);
      const char *message_class = choose_class (import.method, item);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        is_done = FALSE;
      else if (messages->len >= imsg_session_get_limit (session, IMSG_LIMIT_IMPORT_PARTS))
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                       g_dngettext (GETTEXT_PACKAGE,
                                    "The calendar makes more than %u message",
                                    "The calendar makes more than %u messages",
                                    messages->len),
                       messages->len);
          is_done = FALSE;
        }
      if (!is_done)
        break;
      /* an answer to nothing known, a refresh: still told as what it says */
      if (message_class == NULL)
        message_class = icalcomponent_isa (item->main) == ICAL_VEVENT_COMPONENT ? "IPM.Appointment"
                                                                               : "IPM.Task";
      import.message = imsg_session_create_message (session, message_class, error);
      import.n_losses = 0;
      is_done = import.message != NULL &&
                _imsg_message_set_item_times (import.message, error) &&
                import_item (&import, item, message_class, error);
      if (is_done)
        g_ptr_array_add (messages, import.message);
      else if (import.message != NULL)
        {
          imsg_message_close (import.message);
          g_object_unref (import.message);
        }
    }
  g_hash_table_unref (import.zones);
  return is_done;
}

/**
 * imsg_session_import_icalendar:
 * @self: a session
 * @stream: one calendar (.ics, or a vCalendar 1.0, .vcs) or several, one behind the other
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Makes a new, unsaved message from each item of a calendar: an appointment or meeting message of
 * an event, a task of a to-do, a journal entry.
 *
 * A series is one message, with its changed occurrences in it. What a message cannot carry is among
 * the problems of that message, see [method@IMsg.Message.list_problems].
 *
 * Fails with `IMSG_ERROR_CORRUPT_DATA` when there is no item at all, `IMSG_ERROR_TOO_BIG` past 16 MiB
 * or the limit of parts of @self, `IMSG_ERROR_CLOSED` once @self is closed, a %G_IO_ERROR when
 * reading fails or is cancelled; the messages made before that stay open in @self.
 * Source: [MS-OXCICAL] 2.1.3.
 *
 * Returns: (transfer container) (element-type IMsgMessage): the messages, in the order of their
 *   items
 * Since: 1.0
 */
GPtrArray *
imsg_session_import_icalendar (IMsgSession   *self,
                               GInputStream  *stream,
                               GCancellable  *cancellable,
                               GError       **error)
{
  g_autoptr(GPtrArray) messages = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) modern = NULL;
  g_autoptr(GBytes) unfolded = NULL;
  g_autofree char *text = NULL;
  icalcomponent *root = NULL;
  gboolean is_done = TRUE;
  gboolean is_cut = FALSE;

  g_return_val_if_fail (IMSG_IS_SESSION (self), NULL);
  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  bytes = _imsg_content_lines_read (stream, cancellable, error);
  if (bytes == NULL)
    return NULL;
  messages = g_ptr_array_new_with_free_func (g_object_unref);
  modern = _imsg_calendar_modernize (bytes);
  unfolded = _imsg_content_lines_unfold (modern);
  text = g_bytes_get_size (unfolded) > 0
           ? g_utf8_make_valid (g_bytes_get_data (unfolded, NULL),
                                (gssize) g_bytes_get_size (unfolded))
           : g_strdup ("");
  root = parse (text, &is_cut);
  if (root != NULL && icalcomponent_isa (root) == ICAL_VCALENDAR_COMPONENT)
    is_done = !has_harmless_zones (root) ||
              import_calendar (self, root, messages, cancellable, error);
  else if (root != NULL)
    for (icalcomponent *calendar =
           icalcomponent_get_first_component (root, ICAL_VCALENDAR_COMPONENT);
         calendar != NULL && is_done;
         calendar = icalcomponent_get_next_component (root, ICAL_VCALENDAR_COMPONENT))
      if (has_harmless_zones (calendar))
        is_done = import_calendar (self, calendar, messages, cancellable, error);
  if (root != NULL)
    icalcomponent_free (root);
  if (!is_done)
    return NULL;
  if (messages->len == 0)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                           _("There is no event, task or journal entry to read"));
      return NULL;
    }
  if (is_cut)
    _imsg_message_add_problem (messages->pdata[messages->len - 1],
                               _imsg_problem_new ("VCALENDAR", IMSG_ERROR_CORRUPT_DATA,
                                                  _("The end is missing")));
  return g_steal_pointer (&messages);
}
