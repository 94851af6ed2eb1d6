/* imsg.h - Outlook messages and message sessions: the one header to include
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define IMSG_INSIDE

#include "imsg-version.h"
#include "imsg-types.h"
#include "imsg-error.h"
#include "imsg-problem.h"
#include "imsg-limits.h"
#include "imsg-text.h"
#include "imsg-storage-entry.h"
#include "imsg-storage.h"
#include "imsg-gsf.h"
#include "imsg-property-tag.h"
#include "imsg-property-tags.h"
#include "imsg-property-name.h"
#include "imsg-structure.h"
#include "imsg-value-name.h"
#include "imsg-property.h"
#include "imsg-property-object.h"
#include "imsg-property-bag.h"
#include "imsg-recipient.h"
#include "imsg-attachment.h"
#include "imsg-message.h"
#include "imsg-session.h"
#include "imsg-restriction.h"
#include "imsg-table.h"
#include "imsg-validate.h"
#include "imsg-body.h"
#include "imsg-rtf-compression.h"
#include "imsg-rtf-decompressor.h"
#include "imsg-rtf.h"
#include "imsg-address.h"
#include "imsg-mime.h"
#include "imsg-icalendar.h"
#include "imsg-vcard.h"
#include "imsg-json.h"
#include "imsg-enum-types.h"

#undef IMSG_INSIDE
