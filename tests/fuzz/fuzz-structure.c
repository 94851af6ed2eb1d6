/* fuzz-structure.c - any bytes as each structure that a binary property may hold
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fuzz-main.h"
#include "imsg-structure.h"

/* One tag and one named property for each kind of structure. */
static const guint16 tagged_ids[] = { 0x0071, 0x0FFF, 0x004F, 0x002C, 0x0031, 0x0E2D, 0x0E4D,
                                      0x0E27, 0x0E9A, 0x6679, 0x300B, 0x65E0, 0x65E3, 0x3013,
                                      0x007F, 0x370A, 0x3709, 0x301B };
static const struct
{
  const char *set;
  guint32     id;
} named[] = {
  { "PSETID_Meeting", 0x0003 },     { "PSETID_Appointment", 0x8216 }, { "PSETID_Task", 0x8116 },
  { "PSETID_Appointment", 0x8233 }, { "PSETID_Appointment", 0x8260 }, { "PSETID_Common", 0x8520 },
  { "PSETID_Common", 0x8540 },      { "PSETID_Task", 0x8117 },
};

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(GBytes) bytes = NULL;
  guint kind;

  if (n_bytes == 0)
    return 0;
  kind = data[0] % (G_N_ELEMENTS (tagged_ids) + G_N_ELEMENTS (named));
  bytes = g_bytes_new_static (data + 1, n_bytes - 1);
  if (kind < G_N_ELEMENTS (tagged_ids))
    {
      g_autoptr(IMsgStructureNode) root =
        imsg_structure_parse ((guint32) tagged_ids[kind] << 16 | 0x0102, NULL, bytes, 1252);
      g_autofree char *text = imsg_structure_node_to_text (root);

      g_assert_nonnull (text);
    }
  else
    {
      guint which = kind - G_N_ELEMENTS (tagged_ids);
      g_autoptr(IMsgPropertyName) name =
        imsg_property_name_new_id (named[which].set, named[which].id);
      g_autoptr(IMsgStructureNode) root = imsg_structure_parse (0x80000102, name, bytes, 1252);
      g_autofree char *text = imsg_structure_node_to_text (root);

      g_assert_nonnull (text);
    }
  return 0;
}
