[Notesapp]
title=Notesapp
description=Devices of the same network write notes together (nothing is opened until you say: ufw allow Notesapp)
ports=45654/udp|5353/udp
