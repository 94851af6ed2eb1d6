/* imsg-property-tags.h - stands in until the catalogue generates it */
#pragma once
