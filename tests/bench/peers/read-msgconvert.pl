#!/usr/bin/perl
# read-msgconvert.pl - times what msgconvert does, without starting it for each file
# SPDX-License-Identifier: LGPL-2.1-or-later
use strict;
use warnings;
use Time::HiRes qw(clock);
use Email::Outlook::Message;

local $SIG{__WARN__} = sub { };

sub read_all {
    my $n_read = 0;
    foreach my $name (@_) {
        $n_read++ if eval { length(Email::Outlook::Message->new($name)->to_email_mime->as_string) };
    }
    return $n_read;
}

my @names = map { chomp; $_ } <STDIN>;
read_all(@names);
my $start = clock();
my $n_read = read_all(@names);
printf "%f %d\n", (clock() - $start) * 1000, $n_read;
