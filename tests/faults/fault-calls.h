/* fault-calls.h - which call of the C library is to fail, and how
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Names a file that holds the plan, for a program that is run as it is. */
#define FAULT_PLAN_VARIABLE "IMSG_FAULT_PLAN"

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
  char          folder[256]; /* only calls about what is in it are met */
  unsigned int  number;      /* which of them, from 1; 0: none */
  FaultAction   action;
  unsigned int  n_calls;     /* out */
  char          name[16];    /* out: the call */
  char          what[128];   /* out: the path it was about */
  int           is_kept;     /* out: the edit was still there when the save had failed */
} FaultPlan;

/* NULL: from now on all goes well. */
void fault_arm (FaultPlan *new_plan);
