<?xml version="1.0" encoding="utf-8" ?>
<ogr:FeatureCollection
     xmlns:ogr="http://ogr.maptools.org/"
     xmlns:gml="http://www.opengis.net/gml">
  <gml:boundedBy>
    <gml:Box>
      <gml:coord><gml:X>-10.5</gml:X><gml:Y>-40</gml:Y></gml:coord>
      <gml:coord><gml:X>175</gml:X><gml:Y>75</gml:Y></gml:coord>
    </gml:Box>
  </gml:boundedBy>

  <gml:featureMember>
    <ogr:squares fid="squares.0">
      <ogr:geometryProperty><gml:Polygon srsName="IAU_2015:49900"><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>-10.5,20.25 -5.25,20.25 -5.25,30.0 -10.5,30.0 -10.5,20.25</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs></gml:Polygon></ogr:geometryProperty>
      <ogr:name>Ares</ogr:name>
      <ogr:size>12.5</ogr:size>
      <ogr:count>7</ogr:count>
    </ogr:squares>
  </gml:featureMember>
  <gml:featureMember>
    <ogr:squares fid="squares.1">
      <ogr:geometryProperty><gml:Polygon srsName="IAU_2015:49900"><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>170,-40 175,-40 175.0,-35.5 170.0,-35.5 170,-40</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs></gml:Polygon></ogr:geometryProperty>
      <ogr:name>Été &amp; &lt;b&gt;</ogr:name>
      <ogr:size>0.001</ogr:size>
      <ogr:count>-3</ogr:count>
    </ogr:squares>
  </gml:featureMember>
  <gml:featureMember>
    <ogr:squares fid="squares.2">
      <ogr:geometryProperty><gml:Polygon srsName="IAU_2015:49900"><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>100,60 120.75,60.0 120.75,75.0 100,75 100,60</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs></gml:Polygon></ogr:geometryProperty>
      <ogr:name>Cavi</ogr:name>
      <ogr:size xsi:nil="true"/>
      <ogr:count xsi:nil="true"/>
    </ogr:squares>
  </gml:featureMember>
</ogr:FeatureCollection>
