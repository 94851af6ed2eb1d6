/* fault-calls.h - which call of the C library is to fail, and how
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

typedef enum
{
  FAULT_IO_ERROR,
  FAULT_NO_SPACE,
  FAULT_SHORT,
  FAULT_KILL,
} FaultAction;

#define N_FAULT_ACTIONS (FAULT_KILL + 1)

/* In memory that the process that dies shares with the one that looks. */
typedef struct
{
  unsigned int  number;  /* which call, from 1; 0: none */
  FaultAction   action;
  unsigned int  n_calls; /* out */
  const char   *name;    /* out: a constant */
  int           is_saved;    /* out: what the save said */
  int           is_kept;     /* out: the edit was still there when it failed */
} FaultPlan;

/* NULL: from now on all goes well. */
void fault_arm (FaultPlan *new_plan);
