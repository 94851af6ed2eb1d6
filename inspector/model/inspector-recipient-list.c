/* inspector-recipient-list.c - people typed or pasted as a list of addresses
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-recipient-list.h"

#include <glib/gi18n.h>
#include <string.h>

static void
person_free (gpointer data)
{
  InspectorPerson *person = data;

  g_free (person->name);
  g_free (person->address);
  g_free (person);
}

static void
add_person (GPtrArray  *people,
            const char *text,
            gsize       length)
{
  g_autofree char *item = g_strstrip (g_strndup (text, length));
  char *open = strrchr (item, '<');
  char *close = open != NULL ? strchr (open, '>') : NULL;
  InspectorPerson *person = NULL;
  gsize n_name;

  if (close != NULL)
    {
      *open = '\0';
      *close = '\0';
      g_strstrip (item);
    }
  if (strchr (close != NULL ? open + 1 : item, '@') == NULL)
    return;

  person = g_new0 (InspectorPerson, 1);
  person->address = g_strstrip (g_strdup (close != NULL ? open + 1 : item));
  n_name = strlen (item);
  if (n_name >= 2 && item[0] == '"' && item[n_name - 1] == '"')
    person->name = g_strndup (item + 1, n_name - 2);
  else
    person->name = g_strdup (item);
  g_ptr_array_add (people, person);
}

/* Separated by commas, semicolons or lines; a comma in quotes belongs to the name */
GPtrArray *
inspector_recipient_list_parse (const char *text)
{
  GPtrArray *people = g_ptr_array_new_with_free_func (person_free);
  const char *start = text;
  gboolean in_quotes = FALSE;
  const char *at = text;

  for (; *at != '\0'; at++)
    {
      if (*at == '"')
        in_quotes = !in_quotes;
      else if (*at == '\n' || (!in_quotes && (*at == ',' || *at == ';')))
        {
          add_person (people, start, at - start);
          start = at + 1;
          in_quotes = FALSE;
        }
    }
  add_person (people, start, at - start);
  return people;
}

const char *
inspector_recipient_type_word (IMsgRecipientType type)
{
  switch (type)
    {
    case IMSG_RECIPIENT_TYPE_ORIGINATOR:
      return _("From");
    case IMSG_RECIPIENT_TYPE_CC:
      return _("Cc");
    case IMSG_RECIPIENT_TYPE_BCC:
      return _("Bcc");
    case IMSG_RECIPIENT_TYPE_TO:
    default:
      return _("To");
    }
}
