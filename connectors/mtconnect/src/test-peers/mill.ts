/** Device model of the tests' own mill, schema 2.7: one item of every kind that the connector treats apart. */
export const millDevices = `<?xml version="1.0" encoding="UTF-8"?>
<MTConnectDevices xmlns="urn:mtconnect.org:MTConnectDevices:2.7" xmlns:m="urn:mtconnect.org:MTConnectDevices:2.7">
  <Header creationTime="2026-01-01T00:00:00Z" sender="test" instanceId="1" version="2.7" deviceModelChangeTime="2026-01-01T00:00:00Z" assetBufferSize="64" assetCount="0" bufferSize="1024"/>
  <Devices>
    <Device id="mill" name="Mill" uuid="mill-1">
      <Description manufacturer="Hanbit" model="M1">Test mill</Description>
      <DataItems>
        <DataItem category="EVENT" id="avail" name="avail" type="AVAILABILITY"/>
        <DataItem category="EVENT" id="msg" name="msg" type="MESSAGE"/>
      </DataItems>
      <Components>
        <Axes id="axes" name="axes">
          <Components>
            <Linear id="x" name="X">
              <DataItems>
                <DataItem category="SAMPLE" id="xpos" name="Xpos" type="POSITION" subType="ACTUAL" units="MILLIMETER" nativeUnits="MILLIMETER"/>
                <DataItem category="SAMPLE" id="xwave" name="Xwave" type="LOAD" units="PERCENT" representation="TIME_SERIES" sampleRate="100"/>
                <DataItem category="CONDITION" id="xcond" name="Xcond" type="POSITION"/>
              </DataItems>
            </Linear>
          </Components>
        </Axes>
        <Controller id="cnc" name="cnc">
          <DataItems>
            <DataItem category="EVENT" id="estop" name="estop" type="EMERGENCY_STOP"/>
            <DataItem category="CONDITION" id="logic" name="logic" type="LOGIC_PROGRAM"/>
          </DataItems>
          <Components>
            <Path id="path" name="path">
              <DataItems>
                <DataItem category="EVENT" id="exec" name="execution" type="EXECUTION"/>
                <DataItem category="EVENT" id="mode" name="mode" type="CONTROLLER_MODE"/>
                <DataItem category="EVENT" id="program" name="program" type="PROGRAM"/>
                <DataItem category="EVENT" id="parts" name="parts" type="PART_COUNT" subType="ALL"/>
                <DataItem category="SAMPLE" id="pos" name="path_pos" type="PATH_POSITION" units="MILLIMETER_3D" nativeUnits="MILLIMETER_3D" coordinateSystem="WORK"/>
                <DataItem category="EVENT" id="vars" name="vars" type="VARIABLE" representation="DATA_SET"/>
                <DataItem category="EVENT" id="offsets" name="offsets" type="WORK_OFFSET" representation="TABLE"/>
              </DataItems>
            </Path>
          </Components>
        </Controller>
      </Components>
    </Device>
  </Devices>
</MTConnectDevices>
`;
