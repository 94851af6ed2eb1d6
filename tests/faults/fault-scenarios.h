/* fault-scenarios.h - the kinds of saves that faults are tried on
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

#include "fault-calls.h"

G_BEGIN_DECLS

typedef struct
{
  const char  *name;
  const char  *title;
  gboolean     is_new; /* there is no file before */
  /* Makes or edits the file so that it says text. Only what may fail is done with the plan armed;
   * returns whether all of it went well, and tells the plan whether the edit is kept if not. */
  gboolean   (*save) (GFile       *file,
                      const char  *text,
                      FaultPlan   *plan);
  /* What the file says; that it is whole is asserted. */
  char      *(*read) (GFile       *file);
} FaultScenario;

const FaultScenario *fault_scenario_get_all (guint *n);

G_END_DECLS
