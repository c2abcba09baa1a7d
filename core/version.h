/* version: what this program calls itself.
 * Needs: nothing. Used by: cli, mydata_export, route_health. */
#ifndef CORE_VERSION_H
#define CORE_VERSION_H

#define LEMBRA_VERSION "0.1.0"

#endif
