/* inspector-settings.c - what is kept between runs
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-settings.h"

/* Beside the program when it runs from where it was built */
static GSettingsSchema *
find_schema (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchemaSource) local = NULL;
  g_autofree char *program = NULL;
  g_autofree char *folder = NULL;
  GSettingsSchema *schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, INSPECTOR_APPLICATION_ID, TRUE);
  if (schema != NULL)
    return schema;

  program = g_file_read_link ("/proc/self/exe", NULL);
  if (program == NULL)
    return NULL;
  folder = g_path_get_dirname (program);
  local = g_settings_schema_source_new_from_directory (folder, source, TRUE, NULL);
  return local != NULL
           ? g_settings_schema_source_lookup (local, INSPECTOR_APPLICATION_ID, FALSE) : NULL;
}

GSettings *
inspector_settings_get (void)
{
  static GSettings *settings = NULL;
  static gboolean is_searched = FALSE;

  if (!is_searched)
    {
      g_autoptr(GSettingsSchema) schema = find_schema ();

      is_searched = TRUE;
      if (schema != NULL)
        settings = g_settings_new_full (schema, NULL, NULL);
    }
  return settings;
}
