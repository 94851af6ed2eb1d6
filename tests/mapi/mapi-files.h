/* mapi-files.h - paths and text for the tests: all that is not MAPI
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef MAPI_FILES_H
#define MAPI_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <mapidefs.h>

static char work_folder[256];
static WCHAR wide_paths[8][300];

/* ASCII as 16-bit text, in one of a few places that take turns */
static inline WCHAR *
wide (const char *text)
{
  static int turn;
  WCHAR *out = wide_paths[turn++ % 8];
  int i;

  for (i = 0; text[i] != '\0' && i < 299; i++)
    out[i] = (WCHAR) (unsigned char) text[i];
  out[i] = 0;
  return out;
}

static inline const char *
narrow_path (const char *name)
{
  static char path[4][400];
  static int turn;
  char *out = path[turn++ % 4];

  if (work_folder[0] == '\0')
    {
      snprintf (work_folder, sizeof work_folder, "%s/imsg-mapi-XXXXXX",
                getenv ("TMPDIR") != NULL ? getenv ("TMPDIR") : "/tmp");
      if (mkdtemp (work_folder) == NULL)
        abort ();
    }
  snprintf (out, 400, "%s/%s", work_folder, name);
  return out;
}

static inline WCHAR *
path_of (const char *name)
{
  return wide (narrow_path (name));
}

static inline int
same_wide (const WCHAR *a, const WCHAR *b)
{
  while (*a != 0 && *a == *b)
    a++, b++;
  return *a == *b;
}

static inline void
remove_files (void)
{
  char command[400];

  if (work_folder[0] == '\0')
    return;
  snprintf (command, sizeof command, "rm -rf '%s'", work_folder);
  if (system (command) != 0)
    printf ("# the work folder stays\n");
}

#endif
