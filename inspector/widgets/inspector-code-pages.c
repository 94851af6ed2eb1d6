/* inspector-code-pages.c - the code pages a person may choose from
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-code-pages.h"

#include <glib/gi18n.h>

static const struct { guint code_page; const char *name; } code_pages[] = {
  { 0, N_("Chosen automatically") },
  { 1252, N_("Western European") },
  { 1250, N_("Central European") },
  { 1251, N_("Cyrillic") },
  { 20866, N_("Cyrillic (KOI8-R)") },
  { 1253, N_("Greek") },
  { 1254, N_("Turkish") },
  { 1255, N_("Hebrew") },
  { 1256, N_("Arabic") },
  { 1257, N_("Baltic") },
  { 1258, N_("Vietnamese") },
  { 874, N_("Thai") },
  { 932, N_("Japanese") },
  { 949, N_("Korean") },
  { 936, N_("Chinese, simplified") },
  { 950, N_("Chinese, traditional") },
  { 65001, N_("Unicode (UTF-8)") },
};

GListModel *
inspector_code_page_list (void)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (code_pages); i++)
    {
      const char *name = _(code_pages[i].name);

      /* Translators: the number of a code page and what it is for: "1251 · Cyrillic" */
      gtk_string_list_take (list, code_pages[i].code_page != 0
                                    ? g_strdup_printf (_("%u · %s"), code_pages[i].code_page, name)
                                    : g_strdup (name));
    }
  return G_LIST_MODEL (list);
}

guint
inspector_code_page_get_at (guint position)
{
  return position < G_N_ELEMENTS (code_pages) ? code_pages[position].code_page : 0;
}

guint
inspector_code_page_get_position (guint code_page)
{
  for (guint i = 0; i < G_N_ELEMENTS (code_pages); i++)
    {
      if (code_pages[i].code_page == code_page)
        return i;
    }
  return 0;
}
