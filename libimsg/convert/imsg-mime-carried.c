/* imsg-mime-carried.c - named properties that have a place in MIME
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-icalendar.h"
#include "imsg-mime-private.h"

/* Those of a set whose numbers are from one to another */
typedef struct
{
  const char *set;
  guint32     first;
  guint32     last;
} Numbers;

static const Numbers in_headers[] = {
  /* flag for follow-up, classification */
  { "PSETID_Common", 0x8530, 0x8530 },
  { "PSETID_Common", 0x85B5, 0x85B8 },
  { "PSETID_Common", 0x85BA, 0x85BA },
};

/* What a calendar says, or what follows from that */
static const Numbers in_calendar[] = {
  /* times, place, people, recurrence, zones, proposal */
  { "PSETID_Appointment", 0x8201, 0x8201 },
  { "PSETID_Appointment", 0x8205, 0x8205 },
  { "PSETID_Appointment", 0x8208, 0x8208 },
  { "PSETID_Appointment", 0x820D, 0x820E },
  { "PSETID_Appointment", 0x8213, 0x8213 },
  { "PSETID_Appointment", 0x8215, 0x8218 },
  { "PSETID_Appointment", 0x8223, 0x8224 },
  { "PSETID_Appointment", 0x8228, 0x8229 },
  { "PSETID_Appointment", 0x8231, 0x8236 },
  { "PSETID_Appointment", 0x8238, 0x8238 },
  { "PSETID_Appointment", 0x823B, 0x823C },
  { "PSETID_Appointment", 0x8250, 0x8251 },
  { "PSETID_Appointment", 0x8257, 0x8257 },
  { "PSETID_Appointment", 0x825A, 0x825A },
  { "PSETID_Appointment", 0x825E, 0x8260 },
  /* ids, critical changes */
  { "PSETID_Meeting", 0x0001, 0x0001 },
  { "PSETID_Meeting", 0x0003, 0x0003 },
  { "PSETID_Meeting", 0x0005, 0x0005 },
  { "PSETID_Meeting", 0x000A, 0x000A },
  { "PSETID_Meeting", 0x000E, 0x000E },
  { "PSETID_Meeting", 0x001A, 0x001A },
  { "PSETID_Meeting", 0x0023, 0x0023 },
  { "PSETID_Meeting", 0x0026, 0x0026 },
  /* reminder, privacy, start and end, mileage, billing, companies, contacts */
  { "PSETID_Common", 0x8501, 0x8503 },
  { "PSETID_Common", 0x8506, 0x8506 },
  { "PSETID_Common", 0x8510, 0x8510 },
  { "PSETID_Common", 0x8516, 0x8517 },
  { "PSETID_Common", 0x8534, 0x8535 },
  { "PSETID_Common", 0x8539, 0x853A },
  { "PSETID_Common", 0x8560, 0x8560 },
  { "PSETID_Task", 0x8101, 0x8102 },
  { "PSETID_Task", 0x8104, 0x8105 },
  { "PSETID_Task", 0x810F, 0x8111 },
  { "PSETID_Task", 0x8116, 0x8116 },
  { "PSETID_Task", 0x811C, 0x811C },
  { "PSETID_Task", 0x811F, 0x811F },
  { "PSETID_Task", 0x8126, 0x8126 },
  { "PSETID_Log", 0x8700, 0x8700 },
  { "PSETID_Log", 0x8706, 0x8708 },
  { "PSETID_Log", 0x8712, 0x8712 },
};

static gboolean
is_among (const Numbers *numbers,
          gsize          n_numbers,
          const char    *set,
          guint32        id)
{
  for (gsize i = 0; i < n_numbers; i++)
    {
      if (id >= numbers[i].first && id <= numbers[i].last && strcmp (set, numbers[i].set) == 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
_imsg_mime_carries (IMsgMessage            *message,
                    const IMsgPropertyName *name)
{
  const char *set = imsg_property_name_get_set_name (name);
  const char *text = imsg_property_name_get_string (name);
  guint32 id = 0;

  if (set == NULL)
    return FALSE;
  if (text != NULL)
    return strcmp (set, "PS_INTERNET_HEADERS") == 0 ||
           (strcmp (set, "PS_PUBLIC_STRINGS") == 0 && strcmp (text, "Keywords") == 0);
  id = imsg_property_name_get_id (name);
  return is_among (in_headers, G_N_ELEMENTS (in_headers), set, id) ||
         (imsg_message_is_calendar (message) &&
          is_among (in_calendar, G_N_ELEMENTS (in_calendar), set, id));
}
