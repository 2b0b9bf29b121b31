import { Agent } from '@deungdae/connector-mtconnect/agent/agent.ts';
import { AgentServer } from '@deungdae/connector-mtconnect/agent/agent-server.ts';
import { parseCondition } from '@deungdae/contracts/condition.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Change } from '../simulation/signals.ts';

const machine = 'cnc-01';

/** Device model of the axle machining centre. */
const devicesXml = `<?xml version="1.0" encoding="UTF-8"?>
<MTConnectDevices xmlns="urn:mtconnect.org:MTConnectDevices:2.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="urn:mtconnect.org:MTConnectDevices:2.0 http://schemas.mtconnect.org/schemas/MTConnectDevices_2.0.xsd">
  <Header creationTime="2026-01-01T00:00:00Z" sender="hanbit" instanceId="1" version="2.0.0.0" assetBufferSize="1024" assetCount="0" bufferSize="131072"/>
  <Devices>
    <Device id="cnc-01" name="cnc-01" uuid="hanbit-cnc-01">
      <Description manufacturer="Hanbit" model="AXLE-5">Axle machining centre</Description>
      <DataItems>
        <DataItem id="cnc-01-availability" type="AVAILABILITY" category="EVENT"/>
      </DataItems>
      <Components>
        <Controller id="cnc-01-controller" name="controller">
          <DataItems>
            <DataItem id="cnc-01-system" type="SYSTEM" category="CONDITION"/>
          </DataItems>
          <Components>
            <Path id="cnc-01-path" name="path">
              <DataItems>
                <DataItem id="cnc-01-execution" type="EXECUTION" category="EVENT"/>
                <DataItem id="cnc-01-mode" type="CONTROLLER_MODE" category="EVENT"/>
                <DataItem id="cnc-01-program" type="PROGRAM" category="EVENT"/>
                <DataItem id="cnc-01-tool" type="TOOL_NUMBER" category="EVENT"/>
                <DataItem id="cnc-01-part-count" type="PART_COUNT" category="EVENT"/>
                <DataItem id="cnc-01-bad-count" type="PART_COUNT" subType="BAD" category="EVENT"/>
                <DataItem id="cnc-01-feed-rate" type="PATH_FEEDRATE" subType="ACTUAL" category="SAMPLE" units="MILLIMETER/SECOND"/>
                <DataItem id="cnc-01-position" type="PATH_POSITION" subType="ACTUAL" category="SAMPLE" units="MILLIMETER_3D" coordinateSystem="WORK"/>
              </DataItems>
            </Path>
          </Components>
        </Controller>
        <Axes id="cnc-01-axes" name="base">
          <Components>
            <Rotary id="cnc-01-spindle" name="S1">
              <DataItems>
                <DataItem id="cnc-01-spindle-speed" type="ROTARY_VELOCITY" subType="ACTUAL" category="SAMPLE" units="REVOLUTION/MINUTE"/>
                <DataItem id="cnc-01-spindle-load" type="LOAD" category="SAMPLE" units="PERCENT"/>
                <DataItem id="cnc-01-vibration" type="VELOCITY" category="SAMPLE" units="MILLIMETER/SECOND"/>
              </DataItems>
            </Rotary>
          </Components>
        </Axes>
      </Components>
    </Device>
  </Devices>
</MTConnectDevices>`;

/** An MTConnect agent for the machining centre. */
export async function startAgent(options: {
  port: number;
  clock: Clock;
}): Promise<{ onChange: (change: Change) => void; stop: () => Promise<void> }> {
  const agent = new Agent({ devicesXml, clock: options.clock, sender: 'hanbit' });
  const server = new AgentServer(agent);
  await server.listen(options.port);
  return {
    onChange: (change) => {
      if (change.machine !== machine) return;
      const key = `${machine}-${change.signal}`;
      const timeUs = Math.round(change.atMs * 1000);
      if (change.signal !== 'system') {
        agent.observe(key, change.value as string | number, timeUs);
        return;
      }
      const condition = parseCondition(String(change.value));
      if (condition)
        agent.condition(key, condition.level, { nativeCode: condition.nativeCode, text: condition.text }, timeUs);
    },
    stop: () => server.close(),
  };
}
